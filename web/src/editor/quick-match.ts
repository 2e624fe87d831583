export interface Match {
  path: string;
  score: number;
}

/**
 * How well a path fits what was typed: its characters in order, better when they stand together, at the start of a
 * part and in the name. Null when it does not fit.
 */
export function matchScore(path: string, query: string): number | null {
  const text = path.toLowerCase();
  const name = path.lastIndexOf('/') + 1;
  const wanted = query.toLowerCase().replace(/\s/g, '');
  const whole = text.lastIndexOf(wanted);
  if (whole !== -1) {
    const start = whole === name || text[whole - 1] === '/' ? 50 : 0;
    return 1000 + start + (whole >= name ? 100 : 0) - path.length;
  }
  let at = -1;
  let score = 0;
  for (const character of wanted) {
    const next = text.indexOf(character, at + 1);
    if (next === -1) return null;
    const boundary = next === 0 || '/_-. '.includes(text[next - 1] ?? '');
    score += next === at + 1 ? 8 : boundary ? 6 : 0;
    if (next >= name) score += 2;
    at = next;
  }
  return score - path.length / 10;
}

/** The paths that fit, best first. */
export function quickMatch(paths: readonly string[], query: string, most: number): string[] {
  const matches: Match[] = [];
  for (const path of paths) {
    const score = matchScore(path, query);
    if (score !== null) matches.push({ path, score });
  }
  matches.sort((a, b) => b.score - a.score || a.path.localeCompare(b.path));
  return matches.slice(0, most).map(({ path }) => path);
}
