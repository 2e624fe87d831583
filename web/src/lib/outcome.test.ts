import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en';
import { ru } from '../i18n/ru';
import type { Outcome, Task } from '../api/types';
import { formatBytes, formatOffset, secondsBetween } from './format';
import { outcomeWords, toneOf } from './outcome';

const task = (outcome: Outcome | null, change: Partial<Task> = {}): Task => ({
  pid: 'p',
  parentPid: null,
  applicationId: 'a',
  scriptId: 's',
  owner: 'admin',
  startParams: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:01.020Z',
  language: 'python3',
  startPath: 'test.py',
  state: outcome ? 'closed' : 'running',
  outcome,
  limits: { timeoutSec: 1, memoryMb: 100 },
  usage: { memoryPeakMb: 103.2 },
  hypervisor: 'h',
  ...change,
});

describe('outcomeWords', () => {
  it.each<[Outcome, string]>([
    [{ kind: 'exited', exitCode: 0 }, 'finished after 1.0 s'],
    [{ kind: 'exited', exitCode: 3 }, 'failed after 1.0 s: exit code 3'],
    [{ kind: 'signaled', signal: 11 }, 'ended after 1.0 s: signal SIGSEGV'],
    [{ kind: 'timed_out', message: 'stopped after 1.0 s: time limit 1 s' }, 'stopped after 1.0 s: time limit'],
    [{ kind: 'memory_limit' }, 'memory limit 100 MB, peak 103 MB'],
    [{ kind: 'stopped', message: 'stopped after 1.0 s by admin' }, 'stopped after 1.0 s by admin'],
    [{ kind: 'failed_to_start', message: 'no interpreter' }, 'did not start: no interpreter'],
    [{ kind: 'lost', message: '' }, 'lost: its hypervisor ended'],
  ])('says %j', (outcome, words) => {
    expect(outcomeWords(task(outcome), en)).toBe(words);
  });

  it('says what never started', () => {
    const stopped = task({ kind: 'stopped', message: 'stopped by admin before it started' }, { startedAt: null });
    expect(outcomeWords(stopped, en)).toBe('stopped by admin before it started');
  });

  it('says it in Russian', () => {
    expect(outcomeWords(task({ kind: 'timed_out' }), ru)).toBe('остановлена через 1.0 с: предел времени');
  });

  it('says nothing of an open task', () => {
    expect(outcomeWords(task(null), en)).toBeNull();
    expect(toneOf(task(null))).toBe('busy');
  });
});

describe('formats', () => {
  it('writes offsets', () => {
    expect([0.026, 62.5, 3600, 59.9996].map(formatOffset)).toEqual(['[00.026]', '[01:02.500]', '[1:00:00.000]', '[01:00.000]']);
  });

  it('writes sizes', () => {
    expect([0, 999, 2048, 5 * 1024 * 1024, 64 * 1024 * 1024].map((n) => formatBytes(n, en.common.units))).toEqual([
      '0 B',
      '999 B',
      '2.0 KB',
      '5.0 MB',
      '64 MB',
    ]);
  });

  it('never counts backwards', () => {
    expect(secondsBetween('2026-01-01T00:00:01Z', null, Date.parse('2026-01-01T00:00:00Z'))).toBe(0);
  });
});
