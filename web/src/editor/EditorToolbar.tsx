import { Button, Menu } from '@mantine/core';
import { IconCheck, IconDeviceFloppy, IconMinus, IconPlayerPlayFilled, IconPlus, IconSearch, IconSettings, IconTextWrap } from '@tabler/icons-react';
import { fontSizes, usePreferences } from '../app/preferences';
import { useTexts } from '../i18n';
import { IconButton } from '../ui/IconButton';
import { IconPlayerPlayParameters } from '../ui/IconPlayerPlayParameters';

interface EditorToolbarProps {
  dirty: boolean;
  saving: boolean;
  hasFile: boolean;
  notRunnable: string | null;
  starting: boolean;
  onSave: () => void;
  onFind: () => void;
  onQuickOpen: () => void;
  onRun: () => void;
  onRunWithParameters: () => void;
}

export function EditorToolbar(props: EditorToolbarProps) {
  const t = useTexts();
  const { dirty, saving, hasFile, notRunnable, starting } = props;
  const blocked = notRunnable ?? (starting ? t.run.starting : null);
  return (
    <div className="editor-tools" role="toolbar" aria-label={t.editor.label}>
      <IconButton label={t.editor.quickOpen} icon={IconSearch} keys="Ctrl+P" onClick={props.onQuickOpen} />
      <EditorSettings onFind={props.onFind} hasFile={hasFile} />
      <span className="tool-gap" />
      <IconButton
        label={t.editor.save}
        icon={IconDeviceFloppy}
        keys="Ctrl+S"
        testId="save-button"
        disabledReason={dirty ? null : ''}
        busy={saving}
        {...(dirty ? { color: 'accent' } : {})}
        onClick={props.onSave}
      />
      <IconButton
        label={t.run.runWithParameters}
        icon={IconPlayerPlayParameters}
        testId="run-with-parameters-button"
        disabledReason={blocked}
        onClick={props.onRunWithParameters}
      />
      <RunButton blocked={blocked} onRun={props.onRun} />
    </div>
  );
}

function RunButton({ blocked, onRun }: { blocked: string | null; onRun: () => void }) {
  const t = useTexts();
  return (
    <Button
      className="run-button"
      leftSection={<IconPlayerPlayFilled size={13} />}
      data-testid="run-button"
      aria-label={t.run.run}
      aria-disabled={blocked !== null || undefined}
      aria-description={blocked ?? undefined}
      {...(blocked !== null ? { 'data-disabled': true } : {})}
      title={blocked ?? `${t.run.run} (Ctrl+Enter)`}
      onClick={() => {
        if (blocked === null) onRun();
      }}
    >
      {t.run.run}
    </Button>
  );
}


function EditorSettings({ onFind, hasFile }: { onFind: () => void; hasFile: boolean }) {
  const t = useTexts();
  const { fontSize, wordWrap, set } = usePreferences();
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <IconButton label={t.editor.settings} icon={IconSettings} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconSearch size={15} />} rightSection={<kbd>Ctrl+F</kbd>} disabled={!hasFile} closeMenuOnClick onClick={onFind}>
          {t.editor.find}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTextWrap size={15} />}
          rightSection={wordWrap ? <IconCheck size={15} aria-label={t.editor.switchedOn} role="img" /> : undefined}
          onClick={() => set({ wordWrap: !wordWrap })}
        >
          {t.editor.wordWrap}
        </Menu.Item>
        <Menu.Item leftSection={<IconPlus size={15} />} disabled={fontSize >= fontSizes.most} onClick={() => set({ fontSize: fontSize + 1 })}>
          {t.editor.fontLarger}
        </Menu.Item>
        <Menu.Item leftSection={<IconMinus size={15} />} disabled={fontSize <= fontSizes.least} onClick={() => set({ fontSize: fontSize - 1 })}>
          {t.editor.fontSmaller}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
