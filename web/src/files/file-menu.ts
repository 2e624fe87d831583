import {
  IconCopy,
  IconDownload,
  IconFilePlus,
  IconFolderPlus,
  IconPencil,
  IconPlayerPlay,
  IconPlayerPlayFilled,
  IconRefresh,
  IconTrash,
  IconUpload,
  type Icon,
} from '@tabler/icons-react';
import type { FileEntry } from '../api/types';
import type { Dictionary } from '../i18n/en';
import { canBeExecutable } from '../lib/paths';

export type FileCommand =
  | 'newScript'
  | 'newFolder'
  | 'upload'
  | 'refresh'
  | 'rename'
  | 'copy'
  | 'download'
  | 'delete'
  | 'toggleExecutable';

export interface FileMenuItem {
  command: FileCommand;
  label: string;
  icon: Icon;
  keys?: string;
  disabledReason: string | null;
  pressed?: boolean;
  danger?: boolean;
  testId?: string;
  group: 'new' | 'file' | 'run' | 'delete';
}

/** Every command of the files panel for what is selected; the toolbar and the context menu show the same ones. */
export function fileMenu(selected: FileEntry | undefined, t: Dictionary): FileMenuItem[] {
  const none = selected ? null : t.files.selectFirst;
  const executable = typeof selected?.scriptId === 'string';
  const notExecutable = none ?? (selected?.type === 'file' && canBeExecutable(selected.path) ? null : t.files.onlyPython);
  return [
    { command: 'newScript', label: t.files.newScript, icon: IconFilePlus, disabledReason: null, testId: 'new-script-button', group: 'new' },
    { command: 'newFolder', label: t.files.newFolder, icon: IconFolderPlus, disabledReason: null, testId: 'new-folder-button', group: 'new' },
    { command: 'upload', label: t.files.upload, icon: IconUpload, disabledReason: null, group: 'new' },
    { command: 'refresh', label: t.common.refresh, icon: IconRefresh, disabledReason: null, group: 'new' },
    {
      command: 'toggleExecutable',
      label: executable ? t.files.makeNotExecutable : t.files.makeExecutable,
      icon: executable ? IconPlayerPlayFilled : IconPlayerPlay,
      disabledReason: notExecutable,
      pressed: executable,
      testId: 'make-executable-button',
      group: 'run',
    },
    { command: 'rename', label: t.common.rename, icon: IconPencil, keys: 'F2', disabledReason: none, group: 'file' },
    { command: 'copy', label: t.files.copyFile, icon: IconCopy, disabledReason: none, group: 'file' },
    { command: 'download', label: t.files.download, icon: IconDownload, disabledReason: none, group: 'file' },
    { command: 'delete', label: t.common.delete, icon: IconTrash, keys: 'Del', disabledReason: none, danger: true, group: 'delete' },
  ];
}
