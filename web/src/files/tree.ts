import type { FileEntry } from '../api/types';
import { baseName, folderOf } from '../lib/paths';

/** A row of the tree as it is shown. */
export interface Row {
  entry: FileEntry;
  name: string;
  depth: number;
  expanded: boolean;
  /** Place among its siblings, from 1, and how many there are: for screen readers. */
  position: number;
  siblings: number;
}

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function byKindAndName(a: FileEntry, b: FileEntry): number {
  if (a.type !== b.type) return a.type === 'folder' ? -1 : 1;
  return order.compare(baseName(a.path), baseName(b.path));
}

/** The rows that are visible: folders first, each followed by its content while it is expanded. */
export function visibleRows(entries: readonly FileEntry[], expanded: ReadonlySet<string>): Row[] {
  const children = new Map<string, FileEntry[]>();
  for (const entry of entries) {
    const folder = folderOf(entry.path);
    const list = children.get(folder);
    if (list) list.push(entry);
    else children.set(folder, [entry]);
  }
  const rows: Row[] = [];
  const add = (folder: string, depth: number) => {
    const list = (children.get(folder) ?? []).sort(byKindAndName);
    list.forEach((entry, i) => {
      const open = entry.type === 'folder' && expanded.has(entry.path);
      rows.push({ entry, name: baseName(entry.path), depth, expanded: open, position: i + 1, siblings: list.length });
      if (open) add(entry.path, depth + 1);
    });
  };
  add('', 0);
  return rows;
}

/** The folder that new things go to: the chosen folder, or that of the chosen file. */
export function targetFolder(selected: FileEntry | undefined): string {
  if (!selected) return '';
  return selected.type === 'folder' ? selected.path : folderOf(selected.path);
}

/** The folders above a path, outermost first. */
export function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
