import { Button, Menu, Skeleton } from '@mantine/core';
import { IconFolderOpen, IconLayoutSidebarLeftCollapse } from '@tabler/icons-react';
import { Fragment, useRef, useState, type DragEvent } from 'react';
import type { FileEntry } from '../api/types';
import { usePreferences } from '../app/preferences';
import { useTexts } from '../i18n';
import { folderOf } from '../lib/paths';
import { EmptyState } from '../ui/EmptyState';
import { IconButton } from '../ui/IconButton';
import { notifyError } from '../ui/notify';
import { fileMenu, type FileCommand, type FileMenuItem } from './file-menu';
import { FileDialogs, type FileDialog } from './FileDialogs';
import { FileTree } from './FileTree';
import { parentsOf, targetFolder } from './tree';
import { droppedFiles } from './upload';
import { useFileActions } from './use-file-actions';
import { useUploads } from './use-uploads';
import './files.css';

interface FilesPanelProps {
  applicationId: string;
  entries: FileEntry[];
  loading: boolean;
  selected: string | null;
  onSelect: (path: string | null) => void;
  onOpen: (path: string | null) => void;
  onMoved: (from: string, to: string) => void;
  onRefresh: () => Promise<void>;
}

export function FilesPanel({ applicationId, entries, loading, selected, onSelect, onOpen, onMoved, onRefresh }: FilesPanelProps) {
  const t = useTexts();
  const set = usePreferences((state) => state.set);
  const actions = useFileActions(applicationId, entries, onMoved);
  const [dialog, setDialog] = useState<FileDialog | null>(null);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set(selected === null ? [] : parentsOf(selected)));
  const [refreshing, setRefreshing] = useState(false);
  const [dropFolder, setDropFolder] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const uploads = useUploads(applicationId, actions.refetch);
  const entry = entries.find(({ path }) => path === selected);
  const folder = targetFolder(entry);
  const items = fileMenu(entry, t);

  const reveal = (path: string) => {
    setExpanded((before) => new Set([...before, ...parentsOf(path)]));
    onSelect(path);
  };
  const toggle = (path: string, open: boolean) =>
    setExpanded((before) => {
      const after = new Set(before);
      if (open) after.add(path);
      else after.delete(path);
      return after;
    });

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      notifyError(error, selected ?? '');
    }
  };

  const run = (command: FileCommand) => {
    switch (command) {
      case 'newScript':
      case 'newFolder':
        setDialog({ kind: command, folder });
        return;
      case 'upload':
        input.current?.click();
        return;
      case 'refresh':
        setRefreshing(true);
        void attempt(onRefresh).finally(() => setRefreshing(false));
        return;
      case 'rename':
      case 'delete':
        if (entry) setDialog({ kind: command, entry });
        return;
      case 'copy':
        if (entry) void attempt(async () => reveal(await actions.copy(entry.path)));
        return;
      case 'download':
        if (entry) actions.download(entry);
        return;
      case 'toggleExecutable':
        if (entry) void attempt(() => actions.setExecutable(entry.path, entry.scriptId === null));
    }
  };

  const dropped = (event: DragEvent, into: string) => {
    event.preventDefault();
    setDropFolder(null);
    if (into !== '') toggle(into, true);
    void droppedFiles(event.dataTransfer).then((files) => uploads.start(into, files));
  };

  return (
    <section
      className="files-panel"
      aria-label={t.files.title}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropFolder(null);
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDropFolder((before) => before ?? '');
      }}
      onDrop={(event) => {
        if (event.dataTransfer.types.includes('Files')) dropped(event, '');
      }}
    >
      <div className="panel-head">
        <h2>{t.files.title}</h2>
        <span className="grow" />
        <IconButton label={t.files.collapsePanel} icon={IconLayoutSidebarLeftCollapse} size={24} onClick={() => set({ filesOpen: false })} />
      </div>
      <Toolbar items={items} refreshing={refreshing} onCommand={run} />
      <div className="files-body">
        {loading ? (
          <div className="files-skeleton" aria-busy="true">
            {[60, 45, 70, 50, 64].map((width) => (
              <Skeleton key={width} height={14} width={`${width}%`} radius="sm" />
            ))}
          </div>
        ) : entries.length === 0 ? (
          <EmptyState icon={IconFolderOpen} title={t.files.emptyTitle} hint={t.files.emptyHint}>
            <Button onClick={() => run('newScript')}>{t.files.newScript}</Button>
          </EmptyState>
        ) : (
          <FileTree
            entries={entries}
            expanded={expanded}
            selected={selected}
            dropFolder={dropFolder}
            onToggle={toggle}
            onSelect={onSelect}
            onOpen={onOpen}
            onCommand={run}
            onMenu={(x, y) => setMenu({ x, y })}
            onMove={(from, to) => void attempt(async () => {
              await actions.move(from, to);
              if (selected === from) reveal(to);
            })}
            onDragFiles={setDropFolder}
            onDropFiles={dropped}
          />
        )}
        {dropFolder !== null && <div className="drop-hint">{t.files.dropHere(dropFolder)}</div>}
      </div>
      {uploads.progress !== null && (
        <div className="upload-note" role="status">
          {t.files.uploading(uploads.progress)}
        </div>
      )}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t.files.upload}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])].map((file) => ({ path: file.name, file }));
          event.currentTarget.value = '';
          void uploads.start(folder, files);
        }}
      />
      <ContextMenu at={menu} items={items} onCommand={run} onClose={() => setMenu(null)} />
      {uploads.dialog}
      {dialog && (
        <FileDialogs
          dialog={dialog}
          applicationId={applicationId}
          entries={entries}
          actions={actions}
          onClose={() => setDialog(null)}
          onCreated={(path, open) => {
            reveal(path);
            if (open) onOpen(path);
          }}
          onMoved={reveal}
          onDeleted={(path) => onSelect(folderOf(path) || null)}
        />
      )}
    </section>
  );
}

function Toolbar({ items, refreshing, onCommand }: { items: FileMenuItem[]; refreshing: boolean; onCommand: (command: FileCommand) => void }) {
  const t = useTexts();
  return (
    <div className="files-tools" role="toolbar" aria-label={t.files.title}>
      {items.map(({ command, label, icon, keys, disabledReason, pressed, testId, group }, i) => (
        <Fragment key={command}>
          {i > 0 && items[i - 1]?.group !== group && group !== 'delete' && <span className="tool-gap" />}
          <IconButton
            label={label}
            icon={icon}
            {...(keys ? { keys } : {})}
            {...(pressed === undefined ? {} : { pressed })}
            {...(testId ? { testId } : {})}
            disabledReason={disabledReason}
            busy={command === 'refresh' && refreshing}
            onClick={() => onCommand(command)}
          />
        </Fragment>
      ))}
    </div>
  );
}

interface ContextMenuProps {
  at: { x: number; y: number } | null;
  items: FileMenuItem[];
  onCommand: (command: FileCommand) => void;
  onClose: () => void;
}

function ContextMenu({ at, items, onCommand, onClose }: ContextMenuProps) {
  return (
    // Not closed by keys outside, as menus are by default: the key that opens it is still on its way up then.
    <Menu opened={at !== null} onClose={onClose} position="bottom-start" offset={2} width={230} withinPortal clickOutsideEvents={['mousedown', 'touchstart']}>
      <Menu.Target>
        <span className="menu-anchor" aria-hidden style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} />
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ command, label, icon: Glyph, keys, disabledReason, danger, group }, i) => (
          <Fragment key={command}>
            {i > 0 && items[i - 1]?.group !== group && <Menu.Divider />}
            <Menu.Item
              leftSection={<Glyph size={15} stroke={1.7} />}
              rightSection={keys ? <kbd>{keys}</kbd> : undefined}
              disabled={disabledReason !== null}
              title={disabledReason ?? undefined}
              {...(danger ? { color: 'red' } : {})}
              onClick={() => onCommand(command)}
            >
              {label}
            </Menu.Item>
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
