import type { FileEntry } from '../api/types';
import type { Dictionary } from '../i18n/en';
import { canBeExecutable } from '../lib/paths';

/** Why this file cannot be run, or null when it can. */
export function whyNotRunnable(path: string | null, entry: FileEntry | undefined, t: Dictionary): string | null {
  if (path === null) return t.run.noFile;
  if (!canBeExecutable(path)) return t.run.notPython;
  return entry?.scriptId ? null : t.run.notExecutable;
}
