import { describe, expect, it } from 'vitest';
import type { OutputRecord } from '../api/types';
import { LineJoiner, lineLimit, skipBytes } from './line-joiner';
import type { Line } from './line-store';
import { LineCutter, parseOutputLine } from './ndjson';

class Records {
  readonly lines: Line[] = [];
  readonly joiner = new LineJoiner('root', { append: (line) => this.lines.push(line) });
  private readonly offsets = new Map<string, number>();

  record(text: string, change: Partial<OutputRecord> = {}): OutputRecord {
    const pid = change.pid ?? 'root';
    const offset = change.offset ?? this.offsets.get(pid) ?? 0;
    const next = offset + new TextEncoder().encode(text).length;
    this.offsets.set(pid, next);
    return { offset, next, time: 0, stream: 'stdout', pid, text, ...change };
  }

  print(text: string, change: Partial<OutputRecord> = {}): this {
    this.joiner.add(this.record(text, change));
    return this;
  }

  get texts(): string[] {
    return this.lines.map((line) => line.text);
  }
}

describe('LineJoiner', () => {
  it('splits records of many lines and joins parts', () => {
    const out = new Records().print('one\ntw').print('o\n\nthree').print('\n');
    expect(out.texts).toEqual(['one', 'two', '', 'three']);
  });

  it('gives a line the time of its beginning', () => {
    const out = new Records().print('a', { time: 1 }).print('b\nc\n', { time: 2 });
    expect(out.lines.map((line) => line.time)).toEqual([1, 2]);
  });

  it('keeps the streams and the tasks apart', () => {
    const out = new Records().print('out').print('err\n', { stream: 'stderr' }).print('kid\n', { pid: 'child' }).print('!\n');
    expect(out.lines.map(({ text, stream, pid }) => [text, stream, pid])).toEqual([
      ['err', 'stderr', 0],
      ['kid', 'stdout', 1],
      ['out!', 'stdout', 0],
    ]);
    expect(out.joiner.pids).toEqual(['root', 'child']);
  });

  it('shows what has no newline yet, and makes a line of it at the end', () => {
    const out = new Records().print('name? ');
    expect(out.texts).toEqual([]);
    expect(out.joiner.unfinished().map((line) => line.text)).toEqual(['name? ']);
    out.joiner.finish();
    expect(out.texts).toEqual(['name? ']);
    expect(out.joiner.unfinished()).toEqual([]);
  });

  it('cuts a line without end, and says so', () => {
    const out = new Records();
    for (let i = 0; i < 5; i++) out.print('x'.repeat(lineLimit / 2));
    out.print('\n');
    expect(out.texts.join('').length).toBe(2.5 * lineLimit);
    expect(out.lines.at(0)?.cut).toBe(true);
    expect(out.lines.at(-1)?.cut).toBe(false);
  });

  it('keeps the last state of a progress bar only', () => {
    const out = new Records();
    for (let i = 0; i < 20_000; i++) out.print(`${i} of 20000 \r`.padStart(40));
    out.print('done\n');
    expect(out.lines).toHaveLength(1);
    expect(out.lines[0]?.text.length).toBeLessThanOrEqual(2 * lineLimit);
  });

  it('carries a colour on to the next line of its stream', () => {
    const out = new Records().print('\u001b[31mred\n').print('plain\n', { stream: 'stderr' }).print('still\u001b[0m\nnot\n');
    expect(out.texts).toEqual(['\u001b[31mred', 'plain', '\u001b[31mstill\u001b[0m', 'not']);
  });
});

describe('a new connection', () => {
  it('drops what is known of the tasks below, whole records and parts', () => {
    const out = new Records().print('r1\n').print('c1\nc2\n', { pid: 'child' });
    expect(out.joiner.from).toBe(3);
    out.joiner.reconnect();
    out
      .print('c1\n', { pid: 'child', offset: 0, next: 3 })
      .print('c2\nc3\n', { pid: 'child', offset: 3, next: 9 })
      .print('r2\n', { offset: 3, next: 6 })
      .print('c4\n', { pid: 'child', offset: 9, next: 12 });
    expect(out.texts).toEqual(['r1', 'c1', 'c2', 'c3', 'r2', 'c4']);
    expect(out.joiner.from).toBe(6);
  });

  it('joins a line that the break cut', () => {
    const out = new Records().print('hel').print('при', { pid: 'child' });
    out.joiner.reconnect();
    out.print('lo\n', { offset: 3, next: 6 }).print('привет\n', { pid: 'child', offset: 0, next: 13 });
    expect(out.texts).toEqual(['hello', 'привет']);
  });

  it("says the platform's own words once", () => {
    const out = new Records().print('a\n');
    const words = { stream: 'system', offset: 2, next: 2 } as const;
    out.print('stopped: time limit\n', words);
    out.joiner.reconnect();
    out.print('stopped: time limit\n', words);
    expect(out.texts).toEqual(['a', 'stopped: time limit']);
  });

  it('does not drop a character that its stream held back', () => {
    const out = new Records();
    out.print('a', { offset: 0, next: 1 }).print('e\n', { stream: 'stderr', offset: 2, next: 4 });
    out.print('é\n', { offset: 1, next: 6 });
    expect(out.texts).toEqual(['e', 'aé']);
  });
});

describe('skipBytes', () => {
  it('counts bytes, not characters', () => {
    expect([skipBytes('привет', 4), skipBytes('a😀b', 5), skipBytes('abc', 0), skipBytes('\ufffdx', 1)]).toEqual([
      'ивет',
      'b',
      'abc',
      'x',
    ]);
  });
});

describe('the stream', () => {
  it('is cut into lines whatever pieces it comes in', () => {
    const text = '{"a":1}\n\n{"b":"é"}\n{"c":3}\n';
    for (const size of [1, 2, 3, 7, 100]) {
      const lines: string[] = [];
      const cutter = new LineCutter();
      for (let i = 0; i < text.length; i += size) cutter.push(text.slice(i, i + size), (line) => lines.push(line));
      expect(lines).toEqual(['{"a":1}', '{"b":"é"}', '{"c":3}']);
    }
  });

  it('has records, states and an end', () => {
    expect(parseOutputLine('{"offset":0,"next":2,"time":0.5,"stream":"stdout","pid":"p","text":"a\\n"}').kind).toBe('record');
    expect(parseOutputLine('{"status":{"pid":"p","text":"half","progress":0.5}}')).toMatchObject({ kind: 'status', pid: 'p' });
    expect(parseOutputLine('{"end":{"state":"closed","outcome":null}}')).toMatchObject({ kind: 'end', state: 'closed' });
    expect(() => parseOutputLine('{"x":1}')).toThrow('not a record');
  });
});
