import { ApiError, errorFromBody, messageOf } from './errors';

/** Address of a path of the API; it lies beside the page, whatever prefix that has. */
export function apiUrl(path: string, base: string = document.baseURI): string {
  return new URL(`api/v1/${path}`, base).href;
}

/** A path inside an application as part of an address. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Called whenever the server does not know this browser's session. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function reportSignedOut(): void {
  for (const listener of signedOutListeners) listener();
}

export interface RequestOptions {
  method?: string;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Sends a request; throws `ApiError` for every answer that is not a success. */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  let body = options.body;
  if (options.json !== undefined) {
    headers.set('Content-Type', 'application/json');
    body = JSON.stringify(options.json);
  }
  const init: RequestInit = { method: options.method ?? 'GET', headers, credentials: 'same-origin' };
  if (body !== undefined) init.body = body;
  if (options.signal) init.signal = options.signal;
  let response: Response;
  try {
    response = await fetch(apiUrl(path), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('network', messageOf(error), 0);
  }
  if (response.ok) return response;
  const failure = errorFromBody(response.status, response.statusText, await response.text());
  if (response.status === 401 && !headers.has('Authorization')) reportSignedOut();
  throw failure;
}

export async function requestJson<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await request(path, options);
  return (await response.json()) as T;
}
