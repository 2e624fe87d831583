import { describe, expect, it } from 'vitest';
import { geometryOf, placeOf, rowsAt, scrollTo, tallest } from './viewport';

const view = 300;
const row = 18;

describe('the viewport', () => {
  it('is plain while it fits', () => {
    expect(geometryOf(1000, row, view)).toEqual({ height: 18_000, ratio: 1 });
    expect(rowsAt(1800, 1000, row, view, 0)).toEqual({ from: 100, to: 117, first: 100 });
    expect(placeOf(100, 1800, 1000, row, view)).toBe(1800);
  });

  it.each([1_000_000, 20_000_000])('shows the first and the last of %i rows', (count) => {
    expect(geometryOf(count, row, view).height).toBe(tallest);
    expect(rowsAt(0, count, row, view, 0).from).toBe(0);
    const end = tallest - view;
    const rows = rowsAt(end, count, row, view, 0);
    expect(rows.to).toBe(count);
    expect(placeOf(count - 1, end, count, row, view) + row).toBeCloseTo(end + view, 3);
  });

  it('scrolls any row into the middle', () => {
    for (const target of [0, 500_000, 999_999]) {
      const top = scrollTo(target, 1_000_000, row, view);
      const { from, to } = rowsAt(top, 1_000_000, row, view, 0);
      expect(from <= target && target < to).toBe(true);
    }
  });
});
