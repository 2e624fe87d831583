import { UnstyledButton } from '@mantine/core';
import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconChevronDown, IconChevronUp, IconTerminal2 } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { usePreferences } from '../app/preferences';
import { useTask } from '../app/queries';
import { useTexts } from '../i18n';
import { EmptyState } from '../ui/EmptyState';
import { IconButton } from '../ui/IconButton';
import { Splitter } from '../ui/Splitter';
import { ConsoleTabs } from './ConsoleTabs';
import { sessionOf, useConsole } from './console-store';
import { OutputPane } from './OutputPane';
import { TaskInfo } from './TaskInfo';
import './console.css';
import './ansi.css';

const least = 120;
const infoWidths = { least: 240, most: 560 };

/** Below everything: the output of tasks, a tab for each, with the task's details on the right. */
export function ConsolePanel() {
  const t = useTexts();
  const { active, open, maximized } = useConsole();
  const { consoleHeight, set } = usePreferences();
  const most = useMostHeight();
  const height = maximized ? most : Math.min(consoleHeight, most);

  return (
    <>
      {open && (
        <Splitter
          label={t.common.resize(t.console.title)}
          orientation="horizontal"
          value={height}
          least={least}
          most={most}
          direction={-1}
          onChange={(value) => {
            set({ consoleHeight: value });
            useConsole.setState({ maximized: false });
          }}
        />
      )}
      <section className="console" data-testid="console" aria-label={t.console.title} data-closed={!open || undefined} style={open ? { height } : {}}>
        <div className="console-head">
          <UnstyledButton
            className="console-title"
            aria-expanded={open}
            title={open ? t.console.collapse : t.console.expand}
            onClick={() => useConsole.setState({ open: !open })}
          >
            {open ? <IconChevronDown size={15} stroke={1.8} aria-hidden /> : <IconChevronUp size={15} stroke={1.8} aria-hidden />}
            {t.console.title}
          </UnstyledButton>
          <ConsoleTabs />
          {open && (
            <IconButton
              label={maximized ? t.console.restore : t.console.maximize}
              icon={maximized ? IconArrowsDiagonalMinimize2 : IconArrowsDiagonal}
              size={24}
              onClick={() => useConsole.setState({ maximized: !maximized })}
            />
          )}
        </div>
        {open && (
          <div className="console-body">
            {active === null ? (
              <EmptyState icon={IconTerminal2} title={t.console.emptyTitle} hint={t.console.emptyHint} />
            ) : (
              <TaskView key={active} pid={active} />
            )}
          </div>
        )}
      </section>
    </>
  );
}

function TaskView({ pid }: { pid: string }) {
  const t = useTexts();
  const { data: task } = useTask(pid);
  const { infoOpen, infoWidth, set } = usePreferences();
  return (
    <>
      <OutputPane session={sessionOf(pid)} task={task} />
      {infoOpen && (
        <>
          <Splitter
            label={t.common.resize(t.task.label)}
            orientation="vertical"
            value={infoWidth}
            {...infoWidths}
            direction={-1}
            onChange={(value) => set({ infoWidth: value })}
          />
          <TaskInfo pid={pid} task={task} width={infoWidth} />
        </>
      )}
    </>
  );
}

/** The console never covers the top bar and the head of what is above it. */
function useMostHeight(): number {
  const room = 130;
  const [height, setHeight] = useState(innerHeight - room);
  useEffect(() => {
    const onResize = () => setHeight(innerHeight - room);
    addEventListener('resize', onResize);
    return () => removeEventListener('resize', onResize);
  }, []);
  return Math.max(least, height);
}
