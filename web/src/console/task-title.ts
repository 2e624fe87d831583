import type { Task } from '../api/types';
import type { Dictionary } from '../i18n/en';
import { formatClock, secondsBetween } from '../lib/format';
import { baseName } from '../lib/paths';

export interface TaskTitle {
  name: string;
  /** When it started, how long it has been running and its state: `8:15:51 AM +0s closed`. */
  rest: string;
}

/** The title of a task's tab at the moment `now` (ms). */
export function taskTitle(task: Task, now: number, language: string, t: Dictionary): TaskTitle {
  const name = baseName(task.startPath);
  const state = t.task.states[task.state];
  const clock = formatClock(task.startedAt ?? task.createdAt, language);
  if (task.startedAt === null) return { name, rest: `${clock} ${state}` };
  const seconds = Math.floor(secondsBetween(task.startedAt, task.finishedAt, now));
  return { name, rest: `${clock} ${t.task.titleSeconds(seconds)} ${state}` };
}
