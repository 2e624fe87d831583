import { apiUrl, encodePath, request, requestJson } from './client';
import { ApiError } from './errors';
import type { FileEntry, Script } from './types';

/** The server's limit on one file, in bytes. */
export const fileLimit = 64 * 1024 * 1024;

const root = (applicationId: string) => `applications/${encodeURIComponent(applicationId)}`;
const file = (applicationId: string, path: string) => `${root(applicationId)}/files/${encodePath(path)}`;

export interface FileContent {
  text: string;
  etag: string;
}

/** What a write expects to find: a version, nothing, or (`any`) whatever there is. */
export type Expected = { etag: string } | 'nothing' | 'any';

export const listFiles = (applicationId: string) => requestJson<FileEntry[]>(`${root(applicationId)}/files`);

/** Reads a text file. Throws `not_text` for bytes that are not UTF-8, which an editor would destroy. */
export async function readFile(applicationId: string, path: string, signal?: AbortSignal): Promise<FileContent> {
  const response = await request(file(applicationId, path), {
    // Without this a browser may answer from its cache a question about what others changed.
    headers: { 'Cache-Control': 'no-cache' },
    ...(signal ? { signal } : {}),
  });
  const etag = response.headers.get('ETag') ?? '';
  const bytes = await response.arrayBuffer();
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), etag };
  } catch {
    throw new ApiError('not_text', path, 200);
  }
}

/** Writes a file and returns its new version. Throws `precondition_failed` when it is not as expected. */
export async function writeFile(
  applicationId: string,
  path: string,
  content: string | Blob,
  expected: Expected,
): Promise<string> {
  const headers: Record<string, string> = { 'Content-Type': 'application/octet-stream' };
  if (expected === 'nothing') headers['If-None-Match'] = '*';
  else if (expected !== 'any') headers['If-Match'] = expected.etag;
  const response = await request(file(applicationId, path), { method: 'PUT', body: content, headers });
  return response.headers.get('ETag') ?? '';
}

export const deleteFile = (applicationId: string, path: string) =>
  request(file(applicationId, path), { method: 'DELETE' });

export const createFolder = (applicationId: string, path: string) =>
  request(file(applicationId, path), { method: 'POST', json: { operation: 'createFolder' } });

export const moveFile = (applicationId: string, from: string, to: string) =>
  request(file(applicationId, from), { method: 'POST', json: { operation: 'move', to } });

export const copyFile = (applicationId: string, from: string, to: string) =>
  request(file(applicationId, from), { method: 'POST', json: { operation: 'copy', to } });

export const setExecutable = (applicationId: string, path: string, executable: boolean) =>
  requestJson<Script>(`${root(applicationId)}/scripts/${encodePath(path)}`, {
    method: executable ? 'PUT' : 'DELETE',
  });

export const fileUrl = (applicationId: string, path: string, folder: boolean) =>
  apiUrl(file(applicationId, path)) + (folder ? '?archive=zip' : '');

export const listScripts = (applicationId: string) => requestJson<Script[]>(`${root(applicationId)}/scripts`);
