import { IconChevronRight, IconFolder, IconFolderOpen } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { FileEntry } from '../api/types';
import { useTexts } from '../i18n';
import { baseName, folderOf, isWithin, joinPath } from '../lib/paths';
import { FileIcon } from './FileIcon';
import type { FileCommand } from './file-menu';
import { visibleRows, type Row } from './tree';

interface FileTreeProps {
  entries: FileEntry[];
  expanded: ReadonlySet<string>;
  selected: string | null;
  /** Where dragged files would go: marked. */
  dropFolder: string | null;
  onToggle: (path: string, open: boolean) => void;
  onSelect: (path: string | null) => void;
  onOpen: (path: string) => void;
  onCommand: (command: FileCommand) => void;
  onMenu: (x: number, y: number) => void;
  onMove: (from: string, to: string) => void;
  onDragFiles: (folder: string) => void;
  onDropFiles: (event: DragEvent, folder: string) => void;
}

const dragType = 'application/x-application-file';
const idOf = (path: string) => `file-${encodeURIComponent(path)}`;
const folderOfRow = ({ entry }: Row) => (entry.type === 'folder' ? entry.path : folderOf(entry.path));

/** The files as a tree that is one stop of the Tab key; arrows walk it, as in any tree view. */
export function FileTree(props: FileTreeProps) {
  const { entries, expanded, selected, onToggle, onSelect, onOpen, onCommand, onMenu } = props;
  const t = useTexts();
  const rows = useMemo(() => visibleRows(entries, expanded), [entries, expanded]);
  const tree = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const [moveTarget, setMoveTarget] = useState<string | null>(null);
  const index = rows.findIndex(({ entry }) => entry.path === selected);
  const current = rows[index];

  useEffect(() => {
    if (selected !== null) document.getElementById(idOf(selected))?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const activate = ({ entry, expanded: open }: Row) => {
    onSelect(entry.path);
    if (entry.type === 'folder') onToggle(entry.path, !open);
    else onOpen(entry.path);
  };
  const select = (row: Row | undefined) => {
    if (row) onSelect(row.entry.path);
  };

  const openMenu = () => {
    const row = current && document.getElementById(idOf(current.entry.path));
    const box = (row ?? tree.current)?.getBoundingClientRect();
    if (box) onMenu(box.left + 40, row ? box.bottom : box.top + 20);
  };

  const typeAhead = (key: string, time: number) => {
    const search = typed.current;
    search.text = (time - search.at > 800 ? '' : search.text) + key.toLowerCase();
    search.at = time;
    const start = search.text.length > 1 ? index : index + 1;
    const order = [...rows.slice(Math.max(0, start)), ...rows.slice(0, Math.max(0, start))];
    select(order.find(({ name }) => name.toLowerCase().startsWith(search.text)));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      ArrowDown: () => select(rows[index + 1] ?? rows[0]),
      ArrowUp: () => select(rows[Math.max(0, index - 1)]),
      Home: () => select(rows[0]),
      End: () => select(rows.at(-1)),
      ArrowRight: () => {
        if (current?.entry.type !== 'folder') return;
        if (current.expanded) select(rows[index + 1]);
        else onToggle(current.entry.path, true);
      },
      ArrowLeft: () => {
        if (!current) return;
        if (current.expanded) onToggle(current.entry.path, false);
        else if (current.depth > 0) onSelect(folderOf(current.entry.path));
      },
      Enter: () => current && activate(current),
      ' ': () => current && activate(current),
      F2: () => onCommand('rename'),
      Delete: () => onCommand('delete'),
      ContextMenu: openMenu,
    };
    const action = event.key === 'F10' && event.shiftKey ? openMenu : keys[event.key];
    if (action) {
      event.preventDefault();
      action();
    } else if (event.key.length === 1) typeAhead(event.key, event.timeStamp);
  };

  const dragOver = (event: DragEvent, folder: string) => {
    if (event.dataTransfer.types.includes(dragType)) {
      event.preventDefault();
      event.stopPropagation();
      setMoveTarget(folder);
    } else if (event.dataTransfer.types.includes('Files')) {
      event.preventDefault();
      event.stopPropagation();
      props.onDragFiles(folder);
    }
  };
  const drop = (event: DragEvent, folder: string) => {
    setMoveTarget(null);
    event.stopPropagation();
    const from = event.dataTransfer.getData(dragType);
    if (from === '') {
      props.onDropFiles(event, folder);
      return;
    }
    event.preventDefault();
    const to = joinPath(folder, baseName(from));
    if (to !== from && !isWithin(folder, from)) props.onMove(from, to);
  };
  const target = moveTarget ?? props.dropFolder;

  return (
    <div
      ref={tree}
      className="file-tree"
      data-testid="file-tree"
      role="tree"
      aria-label={t.files.tree}
      tabIndex={0}
      aria-activedescendant={current ? idOf(current.entry.path) : undefined}
      data-drop={target === '' || undefined}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        if (event.target === event.currentTarget) onSelect(null);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        if (event.target === event.currentTarget) onSelect(null);
        onMenu(event.clientX, event.clientY);
      }}
      onDragOver={(event) => dragOver(event, '')}
      onDragEnd={() => setMoveTarget(null)}
      onDrop={(event) => drop(event, '')}
    >
      {rows.map((row) => {
        const { entry, name, depth, position, siblings } = row;
        const folder = entry.type === 'folder';
        const executable = entry.scriptId !== null;
        return (
          <div
            key={entry.path}
            id={idOf(entry.path)}
            role="treeitem"
            aria-level={depth + 1}
            aria-posinset={position}
            aria-setsize={siblings}
            aria-selected={entry.path === selected}
            aria-expanded={folder ? row.expanded : undefined}
            className="tree-row"
            data-path={entry.path}
            data-executable={executable || undefined}
            data-drop={(target !== null && target !== '' && isWithin(entry.path, target)) || undefined}
            style={{ paddingLeft: 8 + depth * 14 }}
            title={entry.path}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.setData(dragType, entry.path);
              event.dataTransfer.effectAllowed = 'move';
            }}
            onDragOver={(event) => dragOver(event, folderOfRow(row))}
            onDrop={(event) => drop(event, folderOfRow(row))}
            onClick={() => activate(row)}
            onContextMenu={() => onSelect(entry.path)}
          >
            <span className="tree-arrow" data-open={row.expanded || undefined} aria-hidden>
              {folder && <IconChevronRight size={13} stroke={2} />}
            </span>
            {folder ? (
              <span className="file-icon file-icon-folder" aria-hidden>
                {row.expanded ? <IconFolderOpen size={16} stroke={1.6} /> : <IconFolder size={16} stroke={1.6} />}
              </span>
            ) : (
              <FileIcon path={entry.path} executable={executable} />
            )}
            <span className="ellipsis">{name}</span>
            {executable && <span className="sr-only">({t.files.executable})</span>}
          </div>
        );
      })}
    </div>
  );
}
