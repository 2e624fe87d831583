import { useEffect, useState } from 'react';
import { getUsage } from '../api/tasks';
import { isApiError } from '../api/errors';
import type { Task, TaskUsage } from '../api/types';

export interface UsageSample extends TaskUsage {
  /** When it was measured, in ms. */
  at: number;
  /** Processors in use since the sample before; 1 is one whole processor. */
  cpu: number;
}

const interval = 1000;
const firstAfter = 500;
const kept = 60;

/** What a running task uses, measured once a second while it is looked at. */
export function useUsage(task: Task): UsageSample[] {
  const [samples, setSamples] = useState<UsageSample[]>([]);
  const { pid } = task;
  const running = task.state === 'running';

  useEffect(() => {
    if (!running) return;
    let over = false;
    const measure = async () => {
      try {
        const usage = await getUsage(pid);
        if (over) return;
        const at = performance.now();
        setSamples((before) => [...before.slice(1 - kept), { ...usage, at, cpu: cpuSince(before.at(-1), usage, at) }]);
      } catch (error) {
        // Over, or a server without this: there is nothing to measure any more. Anything else may pass.
        if (over || isApiError(error, 'conflict') || isApiError(error, 'not_found')) return;
      }
      timer = setTimeout(() => void measure(), interval);
    };
    // Most tasks are over before there is anything to see.
    let timer = setTimeout(() => void measure(), firstAfter);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [pid, running]);

  return samples;
}

function cpuSince(before: UsageSample | undefined, usage: TaskUsage, at: number): number {
  if (!before || at <= before.at) return 0;
  return Math.max(0, ((usage.cpuSec - before.cpuSec) * 1000) / (at - before.at));
}
