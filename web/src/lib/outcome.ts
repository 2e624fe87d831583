import type { Dictionary } from '../i18n/en';
import type { Task } from '../api/types';
import { formatSeconds, secondsBetween } from './format';

const signals: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

/** A closed task's end in words: "stopped after 1.0 s: time limit". Null while the task is open. */
export function outcomeWords(task: Task, t: Dictionary): string | null {
  const { outcome } = task;
  if (outcome === null) return null;
  const message = outcome.message ?? '';
  const seconds =
    task.startedAt === null ? '0' : formatSeconds(secondsBetween(task.startedAt, task.finishedAt ?? task.startedAt, 0));
  switch (outcome.kind) {
    case 'exited': {
      const code = outcome.exitCode ?? 0;
      const words = code === 0 ? t.task.finished(seconds) : t.task.exitCode(seconds, code);
      return message === '' ? words : `${words} (${message})`;
    }
    case 'signaled': {
      const signal = outcome.signal ?? 0;
      return t.task.signaled(seconds, signals[signal] ?? String(signal));
    }
    case 'timed_out':
      return t.task.timedOut(seconds);
    case 'memory_limit':
      return t.task.memoryLimitHit(String(task.limits.memoryMb), peakWords(task));
    case 'stopped': {
      const by = /\bby (.+?)( before it started)?$/.exec(message)?.[1] ?? '';
      if (task.startedAt === null) return t.task.stoppedBefore(by);
      return by === '' ? t.task.stopped(seconds) : t.task.stoppedBy(seconds, by);
    }
    case 'failed_to_start':
      return t.task.failedToStart(message);
    case 'lost':
      return t.task.lost(message);
  }
}

function peakWords(task: Task): string {
  const peak = task.usage.memoryPeakMb ?? 0;
  return peak < 99.95 ? peak.toFixed(1) : String(Math.round(peak));
}

export type OutcomeTone = 'good' | 'bad' | 'neutral' | 'busy';

/** How an outcome is coloured; the words say it too. */
export function toneOf(task: Task): OutcomeTone {
  if (task.outcome === null) return 'busy';
  if (task.outcome.kind === 'stopped') return 'neutral';
  return task.outcome.kind === 'exited' && (task.outcome.exitCode ?? 0) === 0 ? 'good' : 'bad';
}
