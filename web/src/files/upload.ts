import { createFolder, fileLimit, writeFile } from '../api/files';
import { ApiError, isApiError } from '../api/errors';
import { joinPath } from '../lib/paths';

/** A file to upload, with its path below the target; a folder without files has no content. */
export interface Upload {
  path: string;
  file: File | null;
}

/** What to do with a file whose path is taken. */
export type AskOverwrite = (path: string) => Promise<boolean>;

/** Uploads one after the other and returns the paths that were written. Stops at the first that fails, and throws. */
export async function uploadAll(
  applicationId: string,
  folder: string,
  uploads: readonly Upload[],
  ask: AskOverwrite,
  onStart: (path: string) => void,
): Promise<string[]> {
  const tooLarge = uploads.find(({ file }) => file !== null && file.size > fileLimit);
  if (tooLarge) throw new ApiError('too_large', tooLarge.path, 413);
  const written: string[] = [];
  for (const { path, file } of uploads) {
    const target = joinPath(folder, path);
    if (file === null) {
      await createFolder(applicationId, target).catch(ignoreExisting);
      continue;
    }
    onStart(target);
    try {
      await writeFile(applicationId, target, file, 'nothing');
    } catch (error) {
      if (!isApiError(error, 'precondition_failed')) throw error;
      if (!(await ask(target))) continue;
      await writeFile(applicationId, target, file, 'any');
    }
    written.push(target);
  }
  return written;
}

function ignoreExisting(error: unknown): void {
  if (!isApiError(error, 'already_exists') && !isApiError(error, 'conflict')) throw error;
}

/** The files of a drop, those in dropped folders too. To be called before the event is over. */
export function droppedFiles(transfer: DataTransfer): Promise<Upload[]> {
  const entries = [...transfer.items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry() ?? []) : []));
  if (entries.length === 0) return Promise.resolve([...transfer.files].map((file) => ({ path: file.name, file })));
  return Promise.all(entries.map((entry) => filesOf(entry, ''))).then((lists) => lists.flat());
}

async function filesOf(entry: FileSystemEntry, folder: string): Promise<Upload[]> {
  const path = joinPath(folder, entry.name);
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  // A folder is read in parts; an empty part is the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    children.push(...part);
  }
  const lists = await Promise.all(children.map((child) => filesOf(child, path)));
  return [{ path, file: null }, ...lists.flat()];
}
