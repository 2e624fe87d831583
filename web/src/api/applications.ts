import { apiUrl, request, requestJson } from './client';
import type { Application, TaskIsolation } from './types';

export const listApplications = () => requestJson<Application[]>('applications');

export const createApplication = (name: string) =>
  requestJson<Application>('applications', { method: 'POST', json: { name } });

/** What is left out stays as it is. */
export const changeApplication = (id: string, change: { name?: string; isolation?: TaskIsolation }) =>
  requestJson<Application>(`applications/${encodeURIComponent(id)}`, { method: 'PATCH', json: change });

export const deleteApplication = (id: string) =>
  request(`applications/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const importApplication = (name: string, archive: File) =>
  requestJson<Application>(`imports?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body: archive,
    headers: { 'Content-Type': archiveType(archive.name) },
  });

export const archiveUrl = (id: string) => apiUrl(`applications/${encodeURIComponent(id)}/archive`);

function archiveType(name: string): string {
  if (name.endsWith('.zip')) return 'application/zip';
  return name.endsWith('.tar') ? 'application/x-tar' : 'application/gzip';
}
