import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { OutputSession } from './output-session';

export interface ConsoleTab {
  pid: string;
  /** File name of the script, for the title until the task is known. */
  script: string;
}

interface ConsoleState {
  tabs: ConsoleTab[];
  active: string | null;
  open: boolean;
  maximized: boolean;
}

/** Tabs of the console; they outlive a reload of the page. */
export const useConsole = create<ConsoleState>()(
  persist((): ConsoleState => ({ tabs: [], active: null, open: true, maximized: false }), {
    name: 'am-console',
    storage: createJSONStorage(() => sessionStorage),
  }),
);

const sessions = new Map<string, OutputSession>();

/** The output of a tab's task; it is read from when it is first looked at. */
export function sessionOf(pid: string): OutputSession {
  let session = sessions.get(pid);
  if (!session) {
    session = new OutputSession(pid);
    sessions.set(pid, session);
  }
  return session;
}

/** Shows the output of a task, in a new tab unless it has one. */
export function openConsoleTab(pid: string, script: string): void {
  useConsole.setState(({ tabs }) => ({
    tabs: tabs.some((tab) => tab.pid === pid) ? tabs : [...tabs, { pid, script }],
    active: pid,
    open: true,
  }));
}

export function closeConsoleTab(pid: string): void {
  sessions.get(pid)?.close();
  sessions.delete(pid);
  useConsole.setState(({ tabs, active }) => {
    const index = tabs.findIndex((tab) => tab.pid === pid);
    const rest = tabs.filter((tab) => tab.pid !== pid);
    const neighbour = rest[Math.min(index, rest.length - 1)]?.pid ?? null;
    return { tabs: rest, active: active === pid ? neighbour : active, maximized: useConsole.getState().maximized && rest.length > 0 };
  });
}
