import { apiUrl, request, requestJson } from './client';
import { scanJsonObject } from '../lib/json';
import type { Hypervisor, Task, TaskFilter, TaskUsage } from './types';

export type TaskTarget = { scriptId: string } | { applicationId: string; script: string };

const task = (pid: string) => `tasks/${encodeURIComponent(pid)}`;

/** One page of the history, newest first; `before` is the pid that the page comes after. */
export function listTasks(filter: TaskFilter, limit: number, before?: string): Promise<Task[]> {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(filter)) {
    if (typeof value === 'string' && value !== '') query.set(name, value);
  }
  if (before !== undefined) query.set('before', before);
  return requestJson<Task[]>(`tasks?${query.toString()}`);
}

export const getTask = (pid: string) => requestJson<Task>(task(pid));

/** Starts a script; `params` is the text of a JSON object, so that every number goes on as it was written. */
export const startTask = (target: TaskTarget, params: string) =>
  requestJson<{ pid: string }>('tasks', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: `${JSON.stringify(target).slice(0, -1)},"params":${params}}`,
  });

/** The text of the parameters that a task was started with. */
export async function getStartParams(pid: string): Promise<string> {
  const text = await (await request(task(pid))).text();
  const scan = scanJsonObject(text);
  const range = scan.ok ? scan.members.get('startParams') : undefined;
  return range ? text.slice(range.start, range.end) : '{}';
}

export const stopTask = (pid: string) => request(`${task(pid)}/stop`, { method: 'POST' });

export const getUsage = (pid: string) => requestJson<TaskUsage>(`${task(pid)}/usage`);

export const rawOutputUrl = (pid: string) => apiUrl(`${task(pid)}/output/raw`);

export const listHypervisors = () => requestJson<Hypervisor[]>('hypervisors');

export const getGeneralParameters = async () => (await request('general-parameters')).text();

export const setGeneralParameters = (parameters: string) =>
  request('general-parameters', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: parameters,
  });
