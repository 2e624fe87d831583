import { describe, expect, it } from 'vitest';
import type { Task } from '../api/types';
import { en } from '../i18n/en';
import { taskTitle } from './task-title';

const startedAt = new Date(2026, 0, 1, 8, 15, 51, 200);
const task = {
  startPath: 'lib/test.py',
  state: 'closed',
  createdAt: startedAt.toISOString(),
  startedAt: startedAt.toISOString(),
  finishedAt: new Date(startedAt.getTime() + 300).toISOString(),
} as Task;

describe('taskTitle', () => {
  it('is as the guide shows it', () => {
    expect(taskTitle(task, 0, 'en', en)).toEqual({ name: 'test.py', rest: '8:15:51 AM +0s closed' });
  });

  it('counts while the task runs', () => {
    const running: Task = { ...task, state: 'running', finishedAt: null };
    expect(taskTitle(running, startedAt.getTime() + 12_900, 'en', en).rest).toBe('8:15:51 AM +12s running');
  });

  it('counts nothing before the start', () => {
    expect(taskTitle({ ...task, state: 'queued', startedAt: null, finishedAt: null }, 0, 'en', en).rest).toBe('8:15:51 AM queued');
  });
});
