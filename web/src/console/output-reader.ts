import { apiUrl } from '../api/client';
import { ApiError, errorFromBody, messageOf } from '../api/errors';
import { LineCutter, parseOutputLine, type OutputItem } from './ndjson';

export interface ReadOptions {
  base: string;
  pid: string;
  from: number;
  follow: boolean;
  signal: AbortSignal;
}

/** How long one turn may parse before other messages have theirs, in ms. */
const turn = 20;

const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/**
 * Reads a task's output with that of its descendants, record by record, as fast as `visit` takes it: what is not read
 * waits at the server. Returns at the end of the answer; throws `ApiError`.
 */
export async function readOutput(options: ReadOptions, visit: (item: OutputItem) => void): Promise<void> {
  const { base, pid, from, follow, signal } = options;
  const query = `from=${from}&tree=true&${follow ? 'follow=true&status=true' : 'follow=false'}`;
  const url = apiUrl(`tasks/${encodeURIComponent(pid)}/output?${query}`, base);
  const response = await fetchOrThrow(url, signal);
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const cutter = new LineCutter();
  const lines: string[] = [];
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw signal.aborted ? error : new ApiError('network', messageOf(error), 0);
    });
    if (done) return;
    cutter.push(decoder.decode(value, { stream: true }), (line) => lines.push(line));
    let until = performance.now() + turn;
    for (const line of lines.splice(0)) {
      visit(parseOutputLine(line));
      if (performance.now() < until) continue;
      await nextTurn();
      signal.throwIfAborted();
      until = performance.now() + turn;
    }
  }
}

async function fetchOrThrow(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal, credentials: 'same-origin' });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError('network', messageOf(error), 0);
  }
  if (!response.ok) throw errorFromBody(response.status, response.statusText, await response.text());
  return response;
}
