const bySuffix: Record<string, string> = {
  py: 'python',
  py3: 'python',
  pyi: 'python',
  json: 'json',
  md: 'markdown',
  html: 'html',
  htm: 'html',
  css: 'css',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  tsx: 'typescript',
  yml: 'yaml',
  yaml: 'yaml',
};

/** The editor's name of the language that a file is written in. */
export const languageOf = (path: string) => bySuffix[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'plaintext';
