import { apiUrl, request, requestJson } from './client';
import type { Hypervisor, JsonObject, Task, TaskFilter, TaskUsage } from './types';

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

export const startTask = (target: TaskTarget, params: JsonObject) =>
  requestJson<{ pid: string }>('tasks', { method: 'POST', json: { ...target, params } });

export const stopTask = (pid: string) => request(`${task(pid)}/stop`, { method: 'POST' });

export const getUsage = (pid: string, signal: AbortSignal) =>
  requestJson<TaskUsage>(`${task(pid)}/usage`, { signal });

export const rawOutputUrl = (pid: string) => apiUrl(`${task(pid)}/output/raw`);

export const listHypervisors = () => requestJson<Hypervisor[]>('hypervisors');

export const getGeneralParameters = () => requestJson<JsonObject>('general-parameters');

export const setGeneralParameters = (parameters: JsonObject) =>
  requestJson<JsonObject>('general-parameters', { method: 'PUT', json: parameters });
