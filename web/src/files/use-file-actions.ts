import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { copyFile, createFolder, deleteFile, fileUrl, moveFile, setExecutable, writeFile } from '../api/files';
import { ApiError, isApiError } from '../api/errors';
import type { FileEntry } from '../api/types';
import { documentsDeleted, documentsMoved } from '../editor/documents';
import { baseName, copyName, isWithin, joinPath } from '../lib/paths';
import { rememberedMoved } from '../run/remembered';
import { saveUrl } from '../ui/save-file';

export type FileActions = ReturnType<typeof makeActions>;

function makeActions(applicationId: string, entries: readonly FileEntry[], onMoved: (from: string, to: string) => void, refetch: () => Promise<void>) {
  const taken = (path: string) => entries.some((entry) => entry.path === path);

  return {
    createScript: async (folder: string, name: string): Promise<string> => {
      const path = joinPath(folder, name);
      try {
        await writeFile(applicationId, path, '', 'nothing');
      } catch (error) {
        throw isApiError(error, 'precondition_failed') ? new ApiError('already_exists', path, 409) : error;
      }
      await refetch();
      return path;
    },

    createFolder: async (folder: string, name: string): Promise<string> => {
      const path = joinPath(folder, name);
      await createFolder(applicationId, path);
      await refetch();
      return path;
    },

    /** Moves or renames. Open documents follow at once, so that no event about the old path comes before. */
    move: async (from: string, to: string): Promise<void> => {
      if (from === to || isWithin(to, from)) return;
      documentsMoved(applicationId, from, to);
      onMoved(from, to);
      try {
        await moveFile(applicationId, from, to);
      } catch (error) {
        documentsMoved(applicationId, to, from);
        onMoved(to, from);
        throw error;
      }
      rememberedMoved(applicationId, from, to);
      await refetch();
    },

    copy: async (path: string): Promise<string> => {
      const to = copyName(path, taken);
      await copyFile(applicationId, path, to);
      await refetch();
      return to;
    },

    remove: async (path: string): Promise<void> => {
      await deleteFile(applicationId, path);
      documentsDeleted(applicationId, path);
      await refetch();
    },

    setExecutable: async (path: string, executable: boolean): Promise<void> => {
      await setExecutable(applicationId, path, executable);
      await refetch();
    },

    download: (entry: FileEntry): void => {
      const folder = entry.type === 'folder';
      saveUrl(fileUrl(applicationId, entry.path, folder), baseName(entry.path) + (folder ? '.zip' : ''));
    },

    refetch,
  };
}

/**
 * What can be done with the files of an application; each shows the new tree when it is done. `onMoved` hears of a move
 * at once, and of the way back when the server refuses it.
 */
export function useFileActions(applicationId: string, entries: readonly FileEntry[], onMoved: (from: string, to: string) => void): FileActions {
  const client = useQueryClient();
  return useMemo(
    () => makeActions(applicationId, entries, onMoved, () => client.invalidateQueries({ queryKey: ['files', applicationId] })),
    [applicationId, entries, onMoved, client],
  );
}
