import { ApiError, messageOf } from '../api/errors';
import type { Outcome, TaskStatus } from '../api/types';
import { formatOffset } from '../lib/format';
import { LineJoiner } from './line-joiner';
import { LineStore, type Line } from './line-store';
import type { Connection, FromWorker, ToWorker } from './messages';
import { readOutput } from './output-reader';
import { Search, visibleText, withoutEscapes } from './search';

/** Between two reports to the page, in ms: more often than this nobody can see. */
const reportInterval = 60;
const retryMs = { least: 250, most: 5000 };
const blobPart = 1024 * 1024;

const post = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

/** Reads, keeps and searches the output of one task, away from the page's thread. */
class OutputWorker {
  private readonly store = new LineStore();
  private readonly joiner: LineJoiner;
  private connection: Connection = 'idle';
  private message = '';
  private status: TaskStatus | null = null;
  private outcome: Outcome | null = null;
  private cleared = 0;
  private abort: AbortController | null = null;
  private reportTimer: ReturnType<typeof setTimeout> | undefined;
  private search: Search | null = null;
  private searchSent = 0;
  private searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly pid: string,
    private readonly base: string,
  ) {
    this.joiner = new LineJoiner(pid, this.store);
  }

  read(on: boolean): void {
    if (!on) {
      this.abort?.abort();
      this.abort = null;
      if (this.connection !== 'ended' && this.connection !== 'failed') this.enter('idle');
    } else if (this.abort === null && this.connection !== 'ended') {
      this.abort = new AbortController();
      void this.run(this.abort.signal);
    }
  }

  window(id: number, from: number, to: number): void {
    post({ kind: 'window', id, from: Math.max(from, this.store.first), lines: this.lines(from, to) });
  }

  text(id: number, from: number, to: number, limit: number): void {
    const parts: string[] = [];
    let length = 0;
    let lines = 0;
    for (const line of this.pieces(from, to)) {
      const text = visibleText(withoutEscapes(line.text)) + (line.cut ? '' : '\n');
      parts.push(text);
      length += text.length;
      if (!line.cut) lines++;
      if (length > limit) {
        post({ kind: 'text', id, text: null, lines });
        return;
      }
    }
    post({ kind: 'text', id, text: parts.join(''), lines });
  }

  startSearch(query: string, matchCase: boolean): void {
    clearTimeout(this.searchTimer);
    this.searchTimer = undefined;
    this.searchSent = 0;
    this.search = query === '' ? null : new Search(this.store, query, matchCase);
    if (this.search) this.searchOn(true);
  }

  clear(): void {
    this.store.clear();
    this.cleared = this.store.first;
    this.report();
  }

  async download(id: number, times: boolean, childNames: Record<string, string>): Promise<void> {
    const parts: Blob[] = [];
    let text: string[] = [];
    let length = 0;
    const flush = () => {
      parts.push(new Blob(text));
      text = [];
      length = 0;
    };
    let continues = false;
    const joiner = new LineJoiner(this.pid, {
      append: (line: Line) => {
        const child = line.pid === 0 ? '' : `${childNames[joiner.pids[line.pid] ?? ''] ?? 'child'}: `;
        const piece =
          (times && !continues ? `${formatOffset(line.time)} ${child}` : '') + withoutEscapes(line.text) + (line.cut ? '' : '\n');
        continues = line.cut;
        text.push(piece);
        length += piece.length;
        if (length > blobPart) flush();
      },
    });
    const { signal } = new AbortController();
    try {
      await readOutput({ base: this.base, pid: this.pid, from: 0, follow: false, signal }, (item) => {
        if (item.kind === 'record') joiner.add(item.record);
      });
      joiner.finish();
      flush();
      post({ kind: 'file', id, blob: new Blob(parts, { type: 'text/plain;charset=utf-8' }), message: '' });
    } catch (error) {
      post({ kind: 'file', id, blob: null, message: messageOf(error) });
    }
  }

  private async run(signal: AbortSignal): Promise<void> {
    let wait = retryMs.least;
    while (!signal.aborted) {
      this.enter('connecting');
      const before = this.joiner.from;
      try {
        await this.readOnce(signal);
      } catch (error) {
        if (isAborted(signal) || !this.mayRetry(error)) return;
      }
      if (this.hasEnded()) return;
      if (this.joiner.from > before) wait = retryMs.least;
      this.enter('waiting');
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, retryMs.most);
    }
  }

  private hasEnded(): boolean {
    return this.connection === 'ended';
  }

  private async readOnce(signal: AbortSignal): Promise<void> {
    this.joiner.reconnect();
    const options = { base: this.base, pid: this.pid, from: this.joiner.from, follow: true, signal };
    await readOutput(options, (item) => {
      if (signal.aborted) return;
      if (item.kind === 'record') {
        this.joiner.add(item.record);
        if (this.connection === 'connecting') this.enter('reading');
        this.reportSoon();
      } else if (item.kind === 'status') {
        if (item.pid === this.pid) this.status = item.status;
        this.reportSoon();
      } else {
        this.joiner.finish();
        this.outcome = item.outcome;
        this.enter('ended');
      }
    });
  }

  /** Whether the failure may pass by itself; what may not is shown. */
  private mayRetry(error: unknown): boolean {
    const code = error instanceof ApiError ? error.code : 'internal';
    if (code === 'network' || code === 'unavailable') return true;
    this.message = messageOf(error);
    this.abort = null;
    this.enter(code === 'unauthenticated' ? 'signedOut' : 'failed');
    return false;
  }

  private enter(connection: Connection): void {
    this.connection = connection;
    this.report();
  }

  private lines(from: number, to: number): Line[] {
    return [...this.pieces(from, to)];
  }

  /** Lines of the store, then those that have no newline yet. */
  private *pieces(from: number, to: number): Generator<Line> {
    const step = 4096;
    const end = Math.min(to, this.store.end);
    for (let at = Math.max(from, this.store.first); at < end; at += step) yield* this.store.slice(at, Math.min(end, at + step));
    const unfinished = this.joiner.unfinished();
    yield* unfinished.slice(Math.max(0, from - this.store.end), Math.max(0, to - this.store.end));
  }

  private reportSoon(): void {
    this.reportTimer ??= setTimeout(() => this.report(), reportInterval);
  }

  private report(): void {
    clearTimeout(this.reportTimer);
    this.reportTimer = undefined;
    const { first } = this.store;
    post({
      kind: 'state',
      state: {
        first,
        end: this.store.end + this.joiner.unfinished().length,
        dropped: first > this.cleared ? first - this.cleared : 0,
        cleared: this.cleared > 0,
        connection: this.connection,
        message: this.message,
        pids: [...this.joiner.pids],
        status: this.status,
        outcome: this.outcome,
      },
    });
    if (this.search && this.searchTimer === undefined) this.searchOn(false);
  }

  private searchOn(restarted: boolean): void {
    this.searchTimer = undefined;
    if (!this.search) return;
    const done = this.search.step(turnMs);
    const found = Uint32Array.from(this.search.found.slice(this.searchSent));
    this.searchSent = this.search.found.length;
    if (restarted || found.length > 0 || done) post({ kind: 'found', lines: found, restarted, done }, [found.buffer]);
    if (!done) this.searchTimer = setTimeout(() => this.searchOn(false), 0);
  }
}

const turnMs = 20;

/** Asked anew: it may have come while something was waited for. */
const isAborted = (signal: AbortSignal) => signal.aborted;

let worker: OutputWorker | null = null;

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'open') worker = new OutputWorker(data.pid, data.base);
  else if (data.kind === 'read') worker?.read(data.on);
  else if (data.kind === 'window') worker?.window(data.id, data.from, data.to);
  else if (data.kind === 'text') worker?.text(data.id, data.from, data.to, data.limit);
  else if (data.kind === 'search') worker?.startSearch(data.query, data.matchCase);
  else if (data.kind === 'download') void worker?.download(data.id, data.times, data.childNames);
  else worker?.clear();
});
