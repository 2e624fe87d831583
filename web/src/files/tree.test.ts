import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../api/types';
import { parentsOf, targetFolder, visibleRows } from './tree';

const entry = (path: string, type: 'file' | 'folder' = 'file'): FileEntry => ({
  path,
  type,
  size: 0,
  modifiedAt: '',
  executable: false,
  scriptId: null,
});

const entries = [entry('test10.py'), entry('test2.py'), entry('b', 'folder'), entry('b/in.py'), entry('b/c', 'folder'), entry('b/c/deep.py'), entry('a.md')];

describe('visibleRows', () => {
  it('has folders first, then files, in the order that people count', () => {
    expect(visibleRows(entries, new Set()).map(({ name }) => name)).toEqual(['b', 'a.md', 'test2.py', 'test10.py']);
  });

  it('shows what is in expanded folders, deeper', () => {
    const rows = visibleRows(entries, new Set(['b', 'b/c']));
    expect(rows.map(({ name, depth }) => [name, depth])).toEqual([
      ['b', 0],
      ['c', 1],
      ['deep.py', 2],
      ['in.py', 1],
      ['a.md', 0],
      ['test2.py', 0],
      ['test10.py', 0],
    ]);
    expect(rows[3]).toMatchObject({ position: 2, siblings: 2 });
  });

  it('keeps a folder closed whose parent is closed', () => {
    expect(visibleRows(entries, new Set(['b/c']))).toHaveLength(4);
  });
});

describe('folders', () => {
  it('new things go to the chosen folder', () => {
    expect([undefined, entry('b', 'folder'), entry('b/in.py'), entry('x.py')].map(targetFolder)).toEqual(['', 'b', 'b', '']);
    expect(parentsOf('a/b/c.py')).toEqual(['a', 'a/b']);
  });
});
