/** A browser cannot make an element of any height; beyond this the scroll bar stands for more than it has pixels. */
export const tallest = 8_000_000;

export interface Geometry {
  /** Height of the scrolled element. */
  height: number;
  /** Pixels of output that a pixel of the scroll bar stands for. */
  ratio: number;
}

/** How `count` rows are laid out in a view of `viewHeight` pixels. */
export function geometryOf(count: number, rowHeight: number, viewHeight: number): Geometry {
  const full = count * rowHeight;
  if (full <= tallest) return { height: full, ratio: 1 };
  return { height: tallest, ratio: (full - viewHeight) / (tallest - viewHeight) };
}

/** The rows that a scroll position shows, with some around them. */
export function rowsAt(scrollTop: number, count: number, rowHeight: number, viewHeight: number, around: number) {
  const top = scrollTop * geometryOf(count, rowHeight, viewHeight).ratio;
  const first = Math.floor(top / rowHeight);
  const last = Math.ceil((top + viewHeight) / rowHeight);
  return { from: Math.max(0, first - around), to: Math.min(count, last + around), first: Math.max(0, first) };
}

/** Where row `row` is drawn inside the scrolled element while it is scrolled to `scrollTop`. */
export function placeOf(row: number, scrollTop: number, count: number, rowHeight: number, viewHeight: number): number {
  const { ratio } = geometryOf(count, rowHeight, viewHeight);
  return ratio === 1 ? row * rowHeight : scrollTop + row * rowHeight - scrollTop * ratio;
}

/** The scroll position that has row `row` in the middle. */
export function scrollTo(row: number, count: number, rowHeight: number, viewHeight: number): number {
  const { ratio } = geometryOf(count, rowHeight, viewHeight);
  return Math.max(0, ((row + 0.5) * rowHeight - viewHeight / 2) / ratio);
}
