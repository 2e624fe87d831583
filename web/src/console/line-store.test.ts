import { describe, expect, it } from 'vitest';
import { LineStore, type Line } from './line-store';
import { Search } from './search';

const line = (text: string, change: Partial<Line> = {}): Line => ({
  text,
  time: 0,
  stream: 'stdout',
  pid: 0,
  cut: false,
  ...change,
});

function filled(count: number, limit?: number): LineStore {
  const store = new LineStore(limit);
  for (let i = 0; i < count; i++) {
    store.append(line(`line ${i}`, { time: i / 1000, stream: i % 3 === 0 ? 'stderr' : 'stdout', pid: i % 5 }));
  }
  return store;
}

function findAll(store: LineStore, query: string, matchCase = false): number[] {
  const search = new Search(store, query, matchCase);
  while (!search.step(5));
  return search.found;
}

describe('LineStore', () => {
  it('gives back lines as they were, across the borders of chunks', () => {
    const store = filled(20_000);
    expect(store.end).toBe(20_000);
    for (const from of [0, 4095, 8190, 19_998]) {
      const lines = store.slice(from, from + 4);
      lines.forEach((item, i) => {
        const n = from + i;
        expect(item).toEqual(line(`line ${n}`, { time: n / 1000, stream: n % 3 === 0 ? 'stderr' : 'stdout', pid: n % 5 }));
      });
      expect(lines).toHaveLength(Math.min(4, 20_000 - from));
    }
  });

  it('keeps empty lines and an empty last line of a chunk', () => {
    const store = new LineStore();
    for (let i = 0; i < 5000; i++) store.append(line(i % 2 ? '' : 'x'));
    expect(store.slice(4094, 4098).map((item) => item.text)).toEqual(['x', '', 'x', '']);
  });

  it('drops the oldest beyond its limit, and numbers stay', () => {
    const store = filled(50_000, 200_000);
    expect(store.first).toBeGreaterThan(0);
    expect(store.end).toBe(50_000);
    expect(store.slice(store.first, store.first + 1)[0]?.text).toBe(`line ${store.first}`);
    expect(store.slice(0, 10)).toEqual([]);
  });

  it('goes on with its numbers after clear', () => {
    const store = filled(5000);
    store.clear();
    store.append(line('after'));
    expect([store.first, store.end, store.slice(0, 9999).map((item) => item.text)]).toEqual([5000, 5001, ['after']]);
    expect(findAll(store, 'after')).toEqual([5000]);
  });

  it('holds a million lines', () => {
    const store = filled(1_000_000);
    expect(store.slice(999_999, 1_000_000)[0]?.text).toBe('line 999999');
    expect(findAll(store, 'line 99999')).toEqual([99999, 999990, 999991, 999992, 999993, 999994, 999995, 999996, 999997, 999998, 999999]);
  });
});

describe('Search', () => {
  it('finds the same lines as a plain search', () => {
    const store = filled(30_000);
    const expected = store.slice(0, 30_000).flatMap((item, i) => (item.text.includes('77') ? [i] : []));
    expect(findAll(store, '77')).toEqual(expected);
  });

  it('takes the query as it is, and the case only when asked', () => {
    const store = new LineStore();
    for (const text of ['a.b', 'axb', 'A.B (c)', 'Привет']) store.append(line(text));
    expect(findAll(store, 'a.b')).toEqual([0, 2]);
    expect(findAll(store, 'a.b', true)).toEqual([0]);
    expect(findAll(store, '(c)')).toEqual([2]);
    expect(findAll(store, 'пРИВЕТ')).toEqual([3]);
  });

  it('sees through colours', () => {
    const store = new LineStore();
    store.append(line('\u001b[31mre\u001b[1md\u001b[0m 31'));
    expect(findAll(store, 'red')).toEqual([0]);
    expect(findAll(store, '[31m')).toEqual([]);
  });

  it('goes on with lines that come later', () => {
    const store = filled(10);
    const search = new Search(store, 'line 1', false);
    search.step(5);
    store.append(line('line 1 again'));
    search.step(5);
    expect(search.found).toEqual([1, 10]);
  });
});
