import { Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useFiles } from '../app/queries';
import { FileIcon } from '../files/FileIcon';
import { useTexts } from '../i18n';
import { baseName, folderOf } from '../lib/paths';
import { quickMatch } from './quick-match';

const shown = 12;

/** Goes to a file by a part of its name. */
export function QuickOpen({ applicationId, onOpen, onClose }: { applicationId: string; onOpen: (path: string) => void; onClose: () => void }) {
  const t = useTexts();
  const { data } = useFiles(applicationId);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const files = (data ?? []).filter(({ type }) => type === 'file');
  const found = quickMatch(files.map(({ path }) => path), query, shown);
  const executable = new Set(files.filter(({ scriptId }) => scriptId !== null).map(({ path }) => path));

  const open = (path: string | undefined) => {
    if (path === undefined) return;
    onClose();
    onOpen(path);
  };

  return (
    <Modal opened onClose={onClose} withCloseButton={false} padding={0} centered={false} yOffset="12vh" size={560} aria-label={t.editor.quickOpen}>
      <TextInput
        variant="unstyled"
        px="md"
        py={6}
        size="md"
        aria-label={t.editor.quickOpen}
        placeholder={t.editor.quickOpenHint}
        leftSection={<IconSearch size={17} stroke={1.6} />}
        value={query}
        data-autofocus
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="quick-open-list"
        aria-activedescendant={found.length > 0 ? `quick-open-${chosen}` : undefined}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            const step = event.key === 'ArrowDown' ? 1 : -1;
            setChosen((chosen + step + found.length) % Math.max(1, found.length));
          } else if (event.key === 'Enter') {
            event.preventDefault();
            open(found[chosen]);
          }
        }}
      />
      <div className="quick-list" id="quick-open-list" role="listbox" aria-label={t.editor.quickOpen}>
        {found.map((path, i) => (
          <div
            key={path}
            id={`quick-open-${i}`}
            role="option"
            aria-selected={i === chosen}
            className="quick-item"
            onMouseMove={() => setChosen(i)}
            onClick={() => open(path)}
          >
            <FileIcon path={path} executable={executable.has(path)} />
            <span>{baseName(path)}</span>
            <span className="muted ellipsis">{folderOf(path)}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="quick-none muted">{t.editor.nothingFound}</p>}
    </Modal>
  );
}
