import type { OutputStream } from '../api/types';

/** One line as it is shown. `pid` is an index into the store's list of pids; 0 is the task of the tab. */
export interface Line {
  text: string;
  /** Seconds since the start of the task that printed. */
  time: number;
  stream: OutputStream;
  pid: number;
  /** The next line of the same stream continues this one: it was cut for its length. */
  cut: boolean;
}

const streams: readonly OutputStream[] = ['stdout', 'stderr', 'system'];
const linesPerChunk = 4096;
const charactersPerChunk = 256 * 1024;

/**
 * Many lines in one text with the places where they start: a million lines are some hundred objects, not a million.
 * Lines in a text are separated by `\n`, which they cannot contain.
 */
interface Chunk {
  first: number;
  text: string;
  starts: Uint32Array;
  times: Float64Array;
  kinds: Uint32Array;
}

const kindOf = (line: Line) => (line.pid << 3) | (line.cut ? 4 : 0) | streams.indexOf(line.stream);

/** Lines in the order of their arrival, numbered from 0. Beyond its limit the oldest are dropped. */
export class LineStore {
  private chunks: Chunk[] = [];
  private open: Line[] = [];
  private openCharacters = 0;
  private sealedCharacters = 0;
  private sealedLines = 0;
  private firstLine = 0;

  /** @param limit characters that are kept, about. */
  constructor(private readonly limit = 192 * 1024 * 1024) {}

  /** Number of the first line that is kept. */
  get first(): number {
    return this.firstLine;
  }

  /** Number behind the last line. */
  get end(): number {
    return this.sealedLines + this.open.length;
  }

  append(line: Line): void {
    this.open.push(line);
    this.openCharacters += line.text.length + 1;
    if (this.open.length >= linesPerChunk || this.openCharacters >= charactersPerChunk) this.seal();
  }

  /** Lines `from` up to and without `to`, as far as they are kept. */
  slice(from: number, to: number): Line[] {
    const lines: Line[] = [];
    this.forEach(from, to, (line) => lines.push(line));
    return lines;
  }

  forEach(from: number, to: number, visit: (line: Line, number: number) => void): void {
    let at = Math.max(from, this.firstLine);
    const end = Math.min(to, this.end);
    let index = this.chunkOf(at);
    while (at < end) {
      const chunk = this.chunks[index];
      if (!chunk) break;
      const chunkEnd = Math.min(end, chunk.first + chunk.times.length);
      for (; at < chunkEnd; at++) visit(lineAt(chunk, at - chunk.first), at);
      index++;
    }
    for (; at < end; at++) {
      const line = this.open[at - this.sealedLines];
      if (line) visit(line, at);
    }
  }

  /** Drops every line that there is; numbers go on. */
  clear(): void {
    this.firstLine = this.sealedLines = this.end;
    this.chunks = [];
    this.open = [];
    this.openCharacters = this.sealedCharacters = 0;
  }

  /**
   * Visits texts of many lines from line `from` on, for a search: `text` starts at the line `first`, and `lineAt` tells
   * the line of a place in it. Returns the line to go on with; `visit` returning false ends the walk there.
   */
  scan(from: number, visit: (text: string, first: number, lineOf: (place: number) => number) => boolean): number {
    let at = Math.max(from, this.firstLine);
    for (let index = this.chunkOf(at); index < this.chunks.length; index++) {
      const chunk = this.chunks[index];
      if (!chunk) break;
      const skip = at - chunk.first;
      const offset = chunk.starts[skip] ?? 0;
      at = chunk.first + chunk.times.length;
      const more = visit(chunk.text.slice(offset), chunk.first + skip, (place) => chunk.first + indexOfStart(chunk, place + offset));
      if (!more) return at;
    }
    for (; at < this.end; at++) {
      const line = this.open[at - this.sealedLines];
      const number = at;
      if (line) visit(line.text, number, () => number);
    }
    return at;
  }

  private chunkOf(line: number): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = this.chunks[middle];
      if (chunk && chunk.first + chunk.times.length <= line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private seal(): void {
    const lines = this.open;
    const chunk: Chunk = {
      first: this.sealedLines,
      text: lines.map((line) => line.text).join('\n'),
      starts: new Uint32Array(lines.length),
      times: Float64Array.from(lines, (line) => line.time),
      kinds: Uint32Array.from(lines, kindOf),
    };
    let start = 0;
    lines.forEach((line, i) => {
      chunk.starts[i] = start;
      start += line.text.length + 1;
    });
    this.chunks.push(chunk);
    this.sealedLines += lines.length;
    this.sealedCharacters += chunk.text.length;
    this.open = [];
    this.openCharacters = 0;
    this.dropOldest();
  }

  private dropOldest(): void {
    let drop = 0;
    while (this.sealedCharacters > this.limit && drop < this.chunks.length - 1) {
      this.sealedCharacters -= this.chunks[drop]?.text.length ?? 0;
      drop++;
    }
    if (drop === 0) return;
    this.chunks.splice(0, drop);
    this.firstLine = Math.max(this.firstLine, this.chunks[0]?.first ?? this.sealedLines);
  }
}

/** Number inside the chunk of the line that has this place of its text. */
function indexOfStart(chunk: Chunk, place: number): number {
  let low = 0;
  let high = chunk.starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((chunk.starts[middle] ?? 0) <= place) low = middle;
    else high = middle;
  }
  return low;
}

function lineAt(chunk: Chunk, index: number): Line {
  const start = chunk.starts[index] ?? 0;
  const end = chunk.starts[index + 1];
  const kind = chunk.kinds[index] ?? 0;
  return {
    text: chunk.text.slice(start, end === undefined ? undefined : end - 1),
    time: chunk.times[index] ?? 0,
    stream: streams[kind & 3] ?? 'stdout',
    pid: kind >>> 3,
    cut: (kind & 4) !== 0,
  };
}
