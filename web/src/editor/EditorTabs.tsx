import { IconX } from '@tabler/icons-react';
import { useRef, type KeyboardEvent } from 'react';
import { FileIcon } from '../files/FileIcon';
import { useTexts } from '../i18n';
import { baseName, folderOf } from '../lib/paths';
import { isDirty, type OpenDocument } from './document';

interface EditorTabsProps {
  documents: OpenDocument[];
  active: string | null;
  executable: ReadonlySet<string>;
  onSelect: (path: string) => void;
  onClose: (document: OpenDocument) => void;
}

/** One tab per open file; the arrow keys go from one to the next, Delete closes. */
export function EditorTabs({ documents, active, executable, onSelect, onClose }: EditorTabsProps) {
  const t = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const names = new Map<string, number>();
  for (const { path } of documents) names.set(baseName(path), (names.get(baseName(path)) ?? 0) + 1);

  const onKeyDown = (event: KeyboardEvent, index: number, document: OpenDocument) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = documents[index + step];
    if (step !== 0 && next) {
      event.preventDefault();
      onSelect(next.path);
      list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index + step]?.focus();
    } else if (event.key === 'Delete') onClose(document);
  };

  return (
    <div className="tabs" role="tablist" aria-label={t.editor.openFiles} ref={list}>
      {documents.map((document, index) => {
        const { key, path } = document;
        const name = baseName(path);
        const selected = path === active;
        const dirty = isDirty(document);
        return (
          <div key={key} className="tab" data-selected={selected || undefined} data-dirty={dirty || undefined} title={path} role="presentation"
            onAuxClick={(event) => {
              if (event.button === 1) onClose(document);
            }}
          >
            <button
              type="button"
              role="tab"
              aria-keyshortcuts="Delete"
              aria-selected={selected}
              tabIndex={selected || (active === null && index === 0) ? 0 : -1}
              className="tab-name"
              onClick={() => onSelect(path)}
              onKeyDown={(event) => onKeyDown(event, index, document)}
            >
              <FileIcon path={path} executable={executable.has(path)} />
              <span>{name}</span>
              {(names.get(name) ?? 0) > 1 && <span className="muted">{folderOf(path)}</span>}
              {dirty && <span className="sr-only">({t.editor.unsaved})</span>}
            </button>
            <span className="tab-close" title={t.editor.closeTab(name)} aria-hidden onClick={() => onClose(document)}>
              <span className="tab-dot" aria-hidden />
              <IconX size={14} stroke={1.8} aria-hidden />
            </span>
          </div>
        );
      })}
    </div>
  );
}
