import type { OutputRecord } from '../api/types';
import type { Line } from './line-store';

/** A line longer than this is cut: whatever shows it has to measure it. Characters. */
export const lineLimit = 256 * 1024;

export interface LineSink {
  append(line: Line): void;
}

interface Partial {
  text: string;
  time: number;
  pid: number;
  stream: OutputRecord['stream'];
}

/** Bytes of a text in UTF-8; U+FFFD counts as the one byte that it most often stands for. */
const bytesOf = (character: string) => {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0xfffd) return 1;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
};

/** The text without its first `bytes` bytes. */
export function skipBytes(text: string, bytes: number): string {
  let skipped = 0;
  let place = 0;
  for (const character of text) {
    if (skipped >= bytes) break;
    skipped += bytesOf(character);
    place += character.length;
  }
  return text.slice(place);
}

/** The colours that are still on at the end of a text, as one escape sequence; empty when none are. */
function openColours(text: string): string {
  let open = '';
  for (const [sequence, parameters = ''] of text.matchAll(/\u001b\[([\d;]*)m/g)) {
    if (/^0*(;|$)/.test(parameters)) open = /^0*;/.test(parameters) ? sequence : '';
    else open += sequence;
  }
  return open.length > 200 ? '' : open;
}

/**
 * Makes lines of records. A record may hold a part of a line or many lines; parts are joined per task and stream.
 * After a lost connection `reconnect()` makes it drop what the server sends again of the tasks below.
 */
export class LineJoiner {
  readonly pids: string[];
  private readonly indexes = new Map<string, number>();
  private readonly partials = new Map<string, Partial>();
  private readonly colours = new Map<string, string>();
  private readonly next = new Map<string, number>();
  private readonly systemSeen = new Set<string>();
  private known = new Map<string, number>();

  constructor(
    private readonly root: string,
    private readonly sink: LineSink,
  ) {
    this.pids = [root];
    this.indexes.set(root, 0);
  }

  /** The `from` that continues the task of the tab. */
  get from(): number {
    return this.next.get(this.root) ?? 0;
  }

  /** To be called before the records of a new connection, which starts at `from`. */
  reconnect(): void {
    this.known = new Map(this.next);
    this.known.delete(this.root);
  }

  add(record: OutputRecord): void {
    const text = this.newText(record);
    if (text === '') return;
    const pid = this.indexOf(record.pid);
    const key = `${pid} ${record.stream}`;
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.finishLine(key, record, pid, text.slice(start, end));
      start = end + 1;
    }
    if (start < text.length) this.keep(key, record, pid, text.slice(start));
  }

  /** What was printed without a newline so far. */
  unfinished(): Line[] {
    return [...this.partials].map(([key, { text, time, pid, stream }]) => ({
      text: (this.colours.get(key) ?? '') + text,
      time,
      pid,
      stream,
      cut: false,
    }));
  }

  /** At the end of the output: what has no newline is a line too. */
  finish(): void {
    for (const [key, partial] of this.partials) this.append(key, partial, partial.text, false);
    this.partials.clear();
  }

  private newText(record: OutputRecord): string {
    if (record.stream === 'system') {
      const name = `${record.pid} ${record.offset} ${record.text}`;
      if (this.systemSeen.has(name)) return '';
      this.systemSeen.add(name);
      return record.text;
    }
    const known = this.known.get(record.pid);
    let text = record.text;
    if (known !== undefined) {
      if (record.next <= known) return '';
      this.known.delete(record.pid);
      if (record.offset < known) text = skipBytes(text, known - record.offset);
    }
    this.next.set(record.pid, Math.max(record.next, this.next.get(record.pid) ?? 0));
    return text;
  }

  private indexOf(pid: string): number {
    let index = this.indexes.get(pid);
    if (index === undefined) {
      index = this.pids.push(pid) - 1;
      this.indexes.set(pid, index);
    }
    return index;
  }

  private finishLine(key: string, record: OutputRecord, pid: number, text: string): void {
    const partial = this.partials.get(key);
    if (partial) {
      this.partials.delete(key);
      this.append(key, partial, partial.text + text, false);
    } else this.append(key, { text: '', time: record.time, pid, stream: record.stream }, text, false);
  }

  private keep(key: string, record: OutputRecord, pid: number, text: string): void {
    const partial = this.partials.get(key) ?? { text: '', time: record.time, pid, stream: record.stream };
    partial.text += text;
    this.partials.set(key, partial);
    if (partial.text.length <= lineLimit) return;
    // A progress bar draws the same line again and again: only its last state counts.
    const redrawn = partial.text.lastIndexOf('\r', partial.text.length - 2);
    if (redrawn > 0) partial.text = partial.text.slice(redrawn + 1);
    if (partial.text.length > lineLimit) {
      this.partials.delete(key);
      this.append(key, partial, partial.text, true);
    }
  }

  private append(key: string, { time, pid, stream }: Partial, text: string, cut: boolean): void {
    let rest = text;
    while (rest.length > 2 * lineLimit) {
      this.sink.append({ text: rest.slice(0, lineLimit), time, pid, stream, cut: true });
      rest = rest.slice(lineLimit);
    }
    const colour = this.colours.get(key) ?? '';
    const coloured = colour + rest;
    if (coloured.includes('\u001b[')) {
      const open = openColours(coloured);
      if (open === '') this.colours.delete(key);
      else this.colours.set(key, open);
    }
    this.sink.append({ text: coloured, time, pid, stream, cut });
  }
}
