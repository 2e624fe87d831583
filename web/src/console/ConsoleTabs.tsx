import { IconX } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { usePreferences } from '../app/preferences';
import { useTask } from '../app/queries';
import { useTexts } from '../i18n';
import { outcomeWords, toneOf } from '../lib/outcome';
import { closeConsoleTab, useConsole, type ConsoleTab } from './console-store';
import { taskTitle } from './task-title';
import { useNow } from './use-now';

/** One tab per task that was opened, the newest last. */
export function ConsoleTabs() {
  const t = useTexts();
  const { tabs, active } = useConsole();
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    list.current?.querySelector('[data-selected]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active, tabs.length]);

  const onKeyDown = (event: KeyboardEvent, index: number, pid: string) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[index + step];
    if (step !== 0 && next) {
      event.preventDefault();
      useConsole.setState({ active: next.pid, open: true });
      list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index + step]?.focus();
    } else if (event.key === 'Delete') closeConsoleTab(pid);
  };

  return (
    <div className="tabs console-tabs" role="tablist" aria-label={t.console.tabs} ref={list}>
      {tabs.map((tab, index) => (
        <Tab key={tab.pid} tab={tab} selected={tab.pid === active} onKeyDown={(event) => onKeyDown(event, index, tab.pid)} />
      ))}
    </div>
  );
}

function Tab({ tab, selected, onKeyDown }: { tab: ConsoleTab; selected: boolean; onKeyDown: (event: KeyboardEvent) => void }) {
  const t = useTexts();
  const language = usePreferences((state) => state.language);
  const { data: task } = useTask(tab.pid);
  const now = useNow(task !== undefined && task.state !== 'closed');
  const title = task ? taskTitle(task, now, language, t) : { name: tab.script, rest: '' };
  const words = task ? (outcomeWords(task, t) ?? t.task.states[task.state]) : '';
  return (
    <div
      className="tab"
      data-selected={selected || undefined}
      data-testid={`console-tab-${tab.pid}`}
      title={words}
      role="presentation"
      onAuxClick={(event) => {
        if (event.button === 1) closeConsoleTab(tab.pid);
      }}
    >
      <button
        type="button"
        role="tab"
        aria-keyshortcuts="Delete"
        className="tab-name"
        aria-selected={selected}
        tabIndex={selected ? 0 : -1}
        onKeyDown={onKeyDown}
        onClick={() => useConsole.setState({ active: tab.pid, open: true })}
      >
        <span className={`state-dot tone-${task ? toneOf(task) : 'neutral'}`} data-running={task && task.state !== 'closed' ? true : undefined} aria-hidden />
        <span>{title.name}</span> <span className="tab-rest">{title.rest}</span>
      </button>
      <span className="tab-close" title={t.console.closeTab(title.name)} aria-hidden onClick={() => closeConsoleTab(tab.pid)}>
        <IconX size={14} stroke={1.8} aria-hidden />
      </span>
    </div>
  );
}
