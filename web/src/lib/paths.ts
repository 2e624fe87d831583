/** Paths inside an application: parts between slashes, none first or last. */

export const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

export const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

export const joinPath = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);

/** Whether `path` is `folder` itself or lies in it. */
export const isWithin = (path: string, folder: string) =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

/** The path after `from` became `to`; unchanged when it was not part of that. */
export const movedPath = (path: string, from: string, to: string) =>
  path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;

export const canBeExecutable = (path: string) => /\.py3?$/.test(path);

/** A name for a copy that nothing has yet: `a copy.py`, `a copy 2.py`. */
export function copyName(path: string, taken: (path: string) => boolean): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  const [stem, suffix] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let n = 1; ; n++) {
    const candidate = joinPath(folderOf(path), `${stem} copy${n > 1 ? ` ${n}` : ''}${suffix}`);
    if (!taken(candidate)) return candidate;
  }
}
