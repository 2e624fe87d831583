import { Button, Menu } from '@mantine/core';
import { IconChevronsDown, IconCopy, IconDownload, IconEraser, IconInfoCircle, IconPlayerPlay, IconPlayerStopFilled, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { rawOutputUrl, stopTask } from '../api/tasks';
import type { Task } from '../api/types';
import { usePreferences } from '../app/preferences';
import { useTexts } from '../i18n';
import { baseName } from '../lib/paths';
import { runAgain } from '../run/run-script';
import { IconButton } from '../ui/IconButton';
import { notifyError } from '../ui/notify';
import { saveBlob, saveUrl } from '../ui/save-file';
import type { OutputSession } from './output-session';

interface OutputToolbarProps {
  task: Task | undefined;
  session: OutputSession;
  childNames: Record<string, string>;
  following: boolean;
  onFollow: (on: boolean) => void;
  onSearch: () => void;
  onCopy: () => void;
}

export function OutputToolbar({ task, session, childNames, following, onFollow, onSearch, onCopy }: OutputToolbarProps) {
  const t = useTexts();
  const { infoOpen, set } = usePreferences();
  return (
    <div className="output-tools" role="toolbar" aria-label={t.console.lines}>
      {task && <TaskButtons task={task} />}
      <span className="grow" />
      <IconButton label={t.console.search} icon={IconSearch} size={24} keys="Ctrl+F" onClick={onSearch} />
      <IconButton label={t.console.copyAll} icon={IconCopy} size={24} onClick={onCopy} />
      <IconButton label={t.console.clear} icon={IconEraser} size={24} onClick={() => session.clear()} />
      <IconButton label={t.console.follow} icon={IconChevronsDown} size={24} pressed={following} onClick={() => onFollow(!following)} />
      <DownloadMenu session={session} name={task ? baseName(task.startPath) : 'output'} childNames={childNames} />
      <IconButton
        label={infoOpen ? t.console.hideInfo : t.console.showInfo}
        icon={IconInfoCircle}
        size={24}
        pressed={infoOpen}
        onClick={() => set({ infoOpen: !infoOpen })}
      />
    </div>
  );
}

function TaskButtons({ task }: { task: Task }) {
  const t = useTexts();
  const [stopping, setStopping] = useState(false);
  const [starting, setStarting] = useState(false);
  const open = task.state !== 'closed';

  const attempt = async (work: () => Promise<unknown>, busy: (on: boolean) => void) => {
    busy(true);
    try {
      await work();
    } catch (error) {
      notifyError(error);
    } finally {
      busy(false);
    }
  };
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconPlayerStopFilled size={12} color={open ? 'var(--bad)' : undefined} />}
        data-testid="stop-button"
        aria-disabled={!open || undefined}
        {...(!open ? { 'data-disabled': true } : {})}
        loading={stopping}
        onClick={() => {
          if (open) void attempt(() => stopTask(task.pid), setStopping);
        }}
      >
        {t.console.stop}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconPlayerPlay size={13} />}
        data-testid="run-again-button"
        loading={starting}
        onClick={() => void attempt(() => runAgain(task), setStarting)}
      >
        {t.console.runAgain}
      </Button>
    </>
  );
}

function DownloadMenu({ session, name, childNames }: { session: OutputSession; name: string; childNames: Record<string, string> }) {
  const t = useTexts();
  const [busy, setBusy] = useState(false);
  const save = async (times: boolean) => {
    setBusy(true);
    try {
      saveBlob(await session.file(times, childNames), `${name}.log`);
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="top-end">
      <Menu.Target>
        <IconButton label={t.console.download} icon={IconDownload} size={24} busy={busy} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save(true)}>{t.console.downloadWithTimes}</Menu.Item>
        <Menu.Item onClick={() => void save(false)}>{t.console.downloadPlain}</Menu.Item>
        <Menu.Item onClick={() => saveUrl(rawOutputUrl(session.pid), `${name}.out`)}>{t.console.downloadRaw}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
