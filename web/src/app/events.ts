import type { QueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { apiUrl } from '../api/client';
import type { ServerEvent, Task } from '../api/types';
import { taskChanged } from './queries';

/** Whether the server tells of changes by itself; without that the page asks every few seconds. */
export const useLive = create<{ connected: boolean }>()(() => ({ connected: false }));

/** How often the page asks while nobody tells it, in ms. */
export const pollInterval = 3000;

const retryMs = { least: 500, most: 20_000 };

/** Asks again for what is shown. */
export function askAgain(client: QueryClient, queryKey: string[]): void {
  // A first answer that is under way may be older than the change, and the client does not ask twice meanwhile.
  const first = client
    .getQueryCache()
    .findAll({ queryKey, fetchStatus: 'fetching' })
    .some(({ state }) => state.data === undefined);
  const asked = client.invalidateQueries({ queryKey });
  if (first) void asked.then(() => client.invalidateQueries({ queryKey }));
}

function apply(client: QueryClient, event: ServerEvent): void {
  if (event.type === 'task') taskChanged(client, event.task);
  else if (event.type === 'files') askAgain(client, ['files', event.applicationId]);
  else askAgain(client, [event.type]);
}

function refetchAll(client: QueryClient): void {
  for (const name of ['applications', 'files', 'tasks', 'task', 'hypervisors']) {
    askAgain(client, [name]);
  }
}

/** Listens for changes until the returned function is called; connects again by itself. */
export function listenForEvents(client: QueryClient): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = retryMs.least;
  let over = false;
  const pending = new Map<string, Task>();
  let frame = 0;

  // Many tasks may change at once: one pass over the caches a frame.
  const taskEvent = (task: Task) => {
    pending.set(task.pid, task);
    if (frame !== 0) return;
    frame = window.setTimeout(() => {
      frame = 0;
      for (const item of pending.values()) taskChanged(client, item);
      pending.clear();
    }, 30);
  };

  const connect = () => {
    const url = new URL(apiUrl('events'));
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    socket = new WebSocket(url);
    socket.addEventListener('open', () => {
      wait = retryMs.least;
      useLive.setState({ connected: true });
      refetchAll(client);
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as ServerEvent;
      if (event.type === 'task') taskEvent(event.task);
      else apply(client, event);
    });
    socket.addEventListener('close', () => {
      useLive.setState({ connected: false });
      if (over) return;
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, retryMs.most);
    });
  };

  const online = () => {
    if (socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(timer);
    wait = retryMs.least;
    connect();
  };

  connect();
  addEventListener('online', online);
  return () => {
    over = true;
    clearTimeout(timer);
    clearTimeout(frame);
    removeEventListener('online', online);
    socket?.close();
  };
}
