/** What can be wrong with a name before the server is asked. */
export type NameProblem = 'empty' | 'slash' | 'dots' | 'control' | 'tooLong' | 'exists' | 'dotFirst' | 'spaceAround';

const nameBytes = 255;
const applicationCharacters = 64;

function isControl(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
    if (code === 0x200b || code === 0xfeff || (code >= 0x2028 && code <= 0x202e)) return true;
  }
  return false;
}

/** Checks the name of a file or folder. `exists` tells whether the folder has it already. */
export function checkFileName(name: string, exists: (name: string) => boolean): NameProblem | null {
  if (name === '') return 'empty';
  if (name === '.' || name.includes('..')) return 'dots';
  if (/[/\\]/.test(name)) return 'slash';
  if (isControl(name)) return 'control';
  if (name !== name.trim()) return 'spaceAround';
  if (new TextEncoder().encode(name).length > nameBytes) return 'tooLong';
  return exists(name) ? 'exists' : null;
}

/** Checks the name of an application as the server does. */
export function checkApplicationName(name: string, exists: (name: string) => boolean): NameProblem | null {
  if (name === '') return 'empty';
  if (/[/\\]/.test(name)) return 'slash';
  if (isControl(name)) return 'control';
  if (name.startsWith('.')) return 'dotFirst';
  if (name !== name.trim()) return 'spaceAround';
  if (Array.from(name).length > applicationCharacters) return 'tooLong';
  return exists(name) ? 'exists' : null;
}

/** A script's name gets `.py` when it has no suffix. */
export const scriptName = (typed: string) => {
  const name = typed.trim();
  return name === '' || name.includes('.') ? name : `${name}.py`;
};
