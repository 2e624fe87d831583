import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { OutputSession, Window } from './output-session';
import type { OutputState } from './messages';
import { geometryOf, rowsAt, scrollTo } from './viewport';

export const rowHeight = 18;
const around = 60;

interface Scroll {
  view: RefObject<HTMLDivElement | null>;
  window: Window;
  /** What the window was drawn for: it belongs together, whatever has come since. */
  scrollTop: number;
  viewHeight: number;
  following: boolean;
  follow: (on: boolean) => void;
  show: (line: number) => void;
  onScroll: () => void;
}

/** Which lines of an output are on the screen; asks its worker for these only. */
export function useScroll(session: OutputSession, output: OutputState, following: boolean, follow: (on: boolean) => void): Scroll {
  const view = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<{ window: Window; scrollTop: number }>({ window: { from: 0, lines: [] }, scrollTop: 0 });
  const [viewHeight, setViewHeight] = useState(0);
  const asking = useRef(false);
  const again = useRef(false);
  // Where the program has scrolled to; NaN, which nothing is near to, when it has not.
  const byProgram = useRef(Number.NaN);
  const { first, end } = output;
  const count = end - first;
  const now = useRef({ first, count, viewHeight });

  const load = useCallback(async () => {
    if (asking.current) {
      again.current = true;
      return;
    }
    asking.current = true;
    do {
      again.current = false;
      const element = view.current;
      if (!element) break;
      const { first: start, count: rows, viewHeight: height } = now.current;
      const { from, to } = rowsAt(element.scrollTop, rows, rowHeight, height, around);
      const window = await session.window(start + from, start + to);
      setShown({ window, scrollTop: element.scrollTop });
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set by a call while this one waited
    } while (again.current);
    asking.current = false;
  }, [session]);

  useEffect(() => {
    const element = view.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setViewHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const moveTo = useCallback((scrollTop: number) => {
    const element = view.current;
    if (!element) return;
    element.scrollTop = scrollTop;
    byProgram.current = element.scrollTop;
  }, []);

  useLayoutEffect(() => {
    const before = now.current;
    now.current = { first, count, viewHeight };
    // What is looked at stays where it is when lines are dropped before it, or when the scroll bar's scale changes.
    const element = view.current;
    const oldRatio = geometryOf(before.count, rowHeight, before.viewHeight).ratio;
    const newRatio = geometryOf(count, rowHeight, viewHeight).ratio;
    if (element && !following && (before.first !== first || oldRatio !== newRatio)) {
      const dropped = (first - before.first) * rowHeight;
      moveTo(Math.max(0, (element.scrollTop * oldRatio - dropped) / newRatio));
    }
    if (following) moveTo(geometryOf(count, rowHeight, viewHeight).height);
    void load();
  }, [first, count, viewHeight, following, load, moveTo]);

  const onScroll = useCallback(() => {
    const element = view.current;
    if (!element) return;
    if (!(Math.abs(element.scrollTop - byProgram.current) <= 1)) {
      const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 2;
      follow(atEnd);
    }
    byProgram.current = Number.NaN;
    void load();
  }, [follow, load]);

  const show = useCallback(
    (line: number) => {
      follow(false);
      const { first: start, count: rows, viewHeight: height } = now.current;
      moveTo(scrollTo(line - start, rows, rowHeight, height));
      void load();
    },
    [follow, load, moveTo],
  );

  useWheel(view, count, viewHeight);
  return { view, ...shown, viewHeight, following, follow, show, onScroll };
}

/** In an output that is taller than an element can be the wheel still moves as far as everywhere. */
function useWheel(view: RefObject<HTMLDivElement | null>, count: number, viewHeight: number): void {
  useEffect(() => {
    const element = view.current;
    const { ratio } = geometryOf(count, rowHeight, viewHeight);
    if (!element || ratio === 1) return;
    let rest = 0;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * rowHeight : event.deltaY;
      rest += pixels / ratio;
      const whole = Math.trunc(rest);
      rest -= whole;
      element.scrollTop += whole;
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [view, count, viewHeight]);
}
