import type { FromWorker, OutputState, ToWorker } from './messages';
import type { Line } from './line-store';

/** More than this a clipboard is not for, in characters. */
const clipboardLimit = 20 * 1024 * 1024;

export interface Window {
  from: number;
  lines: Line[];
}

export interface Matches {
  /** Numbers of matching lines; appended to in place, `version` tells of it. */
  lines: number[];
  done: boolean;
  version: number;
  /** What was searched: an answer to an earlier question is none to this one. */
  asked: string;
}

export const searchName = (query: string, matchCase: boolean) => `${query}\n${String(matchCase)}`;

export interface Snapshot {
  output: OutputState;
  matches: Matches;
}

type Reply = Exclude<FromWorker, { kind: 'state' | 'found' }>;
type Request = Extract<ToWorker, { id: number }>;
type Draft = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

/** The page's side of one task's output. */
export class OutputSession {
  private readonly worker: Worker;
  private readonly listeners = new Set<() => void>();
  private readonly replies = new Map<number, (reply: Reply) => void>();
  private lastId = 0;
  private snapshot: Snapshot = {
    output: {
      first: 0,
      end: 0,
      dropped: 0,
      cleared: false,
      connection: 'idle',
      message: '',
      pids: [],
      status: null,
      outcome: null,
    },
    matches: { lines: [], done: true, version: 0, asked: '' },
  };

  constructor(readonly pid: string) {
    this.worker = new Worker(new URL('./output-worker.ts', import.meta.url), { type: 'module' });
    this.worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.receive(data));
    this.send({ kind: 'open', pid, base: document.baseURI });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): Snapshot => this.snapshot;

  read(on: boolean): void {
    this.send({ kind: 'read', on });
  }

  async window(from: number, to: number): Promise<Window> {
    const reply = await this.ask({ kind: 'window', from, to });
    return reply.kind === 'window' ? { from: reply.from, lines: reply.lines } : { from, lines: [] };
  }

  /** The lines as text for the clipboard; null when that is too much. */
  async text(from: number, to: number): Promise<{ text: string; lines: number } | null> {
    const reply = await this.ask({ kind: 'text', from, to, limit: clipboardLimit });
    return reply.kind === 'text' && reply.text !== null ? { text: reply.text, lines: reply.lines } : null;
  }

  /** The whole output as a file. Throws with the reason when it cannot be read. */
  async file(times: boolean, childNames: Record<string, string>): Promise<Blob> {
    const reply = await this.ask({ kind: 'download', times, childNames });
    if (reply.kind !== 'file' || !reply.blob) throw new Error(reply.kind === 'file' ? reply.message : 'no answer');
    return reply.blob;
  }

  search(query: string, matchCase: boolean): void {
    const version = this.snapshot.matches.version + 1;
    this.change({ matches: { lines: [], done: query === '', version, asked: searchName(query, matchCase) } });
    this.send({ kind: 'search', query, matchCase });
  }

  clear(): void {
    this.send({ kind: 'clear' });
  }

  close(): void {
    this.worker.terminate();
    this.listeners.clear();
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private ask(draft: Draft): Promise<Reply> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.replies.set(id, resolve);
      this.send({ ...draft, id } as ToWorker);
    });
  }

  private receive(message: FromWorker): void {
    if (message.kind === 'state') this.change({ output: message.state });
    else if (message.kind === 'found') {
      const { lines, version, asked } = this.snapshot.matches;
      const kept = message.restarted ? [] : lines;
      for (const line of message.lines) kept.push(line);
      this.change({ matches: { lines: kept, done: message.done, version: version + 1, asked } });
    } else {
      this.replies.get(message.id)?.(message);
      this.replies.delete(message.id);
    }
  }

  private change(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners) listener();
  }
}
