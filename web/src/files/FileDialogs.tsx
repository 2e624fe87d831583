import type { FileEntry } from '../api/types';
import { isDirty } from '../editor/document';
import { useDocuments } from '../editor/documents';
import { useTexts } from '../i18n';
import { checkFileName, scriptName } from '../lib/names';
import { baseName, folderOf, isWithin, joinPath } from '../lib/paths';
import { ConfirmDialog, NameDialog } from '../ui/Dialog';
import type { FileActions } from './use-file-actions';

export type FileDialog = { kind: 'newScript' | 'newFolder'; folder: string } | { kind: 'rename' | 'delete'; entry: FileEntry };

interface FileDialogsProps {
  dialog: FileDialog;
  applicationId: string;
  entries: FileEntry[];
  actions: FileActions;
  onClose: () => void;
  onCreated: (path: string, open: boolean) => void;
  onMoved: (path: string) => void;
  onDeleted: (path: string) => void;
}

export function FileDialogs({ dialog, applicationId, entries, actions, onClose, onCreated, onMoved, onDeleted }: FileDialogsProps) {
  const t = useTexts();
  const check = (folder: string, own: string | null, finish: (name: string) => string) => (typed: string) => {
    const taken = (name: string) => name !== own && entries.some(({ path }) => path === joinPath(folder, name));
    const problem = checkFileName(finish(typed), taken);
    return problem && t.common.nameProblems[problem];
  };
  const same = (name: string) => name;

  switch (dialog.kind) {
    case 'newScript':
      return (
        <NameDialog
          title={t.files.newScript}
          label={t.files.scriptName}
          hint={dialog.folder === '' ? t.files.scriptHint : `${t.files.inFolder(dialog.folder)}. ${t.files.scriptHint}`}
          submit={t.common.create}
          check={check(dialog.folder, null, scriptName)}
          onClose={onClose}
          onSubmit={async (name) => onCreated(await actions.createScript(dialog.folder, scriptName(name)), true)}
        />
      );
    case 'newFolder':
      return (
        <NameDialog
          title={t.files.newFolder}
          label={t.files.folderName}
          hint={dialog.folder === '' ? undefined : t.files.inFolder(dialog.folder)}
          submit={t.common.create}
          check={check(dialog.folder, null, same)}
          onClose={onClose}
          onSubmit={async (name) => onCreated(await actions.createFolder(dialog.folder, name), false)}
        />
      );
    case 'rename': {
      const { path } = dialog.entry;
      return (
        <NameDialog
          title={t.files.renameTitle(baseName(path))}
          label={t.common.name}
          initial={baseName(path)}
          submit={t.common.rename}
          check={check(folderOf(path), baseName(path), same)}
          onClose={onClose}
          onSubmit={async (name) => {
            const to = joinPath(folderOf(path), name);
            await actions.move(path, to);
            onMoved(to);
          }}
        />
      );
    }
    case 'delete': {
      const { path, type } = dialog.entry;
      const unsaved = Object.values(useDocuments.getState().documents).some(
        (document) => document.applicationId === applicationId && isWithin(document.path, path) && isDirty(document),
      );
      const text = type === 'folder' ? t.files.deleteFolder : t.files.deleteFile;
      return (
        <ConfirmDialog
          title={t.files.deleteTitle(baseName(path))}
          text={unsaved ? `${text} ${t.files.deleteUnsaved}` : text}
          confirm={t.common.delete}
          danger
          onClose={onClose}
          onConfirm={async () => {
            await actions.remove(path);
            onDeleted(path);
          }}
        />
      );
    }
  }
}
