import { useQueries } from '@tanstack/react-query';
import { memo, useMemo, type KeyboardEvent, type RefObject } from 'react';
import { taskQuery } from '../app/queries';
import { useTexts } from '../i18n';
import { formatBytes, formatOffset } from '../lib/format';
import { baseName } from '../lib/paths';
import { spansOf } from './ansi';
import type { Line } from './line-store';
import type { Window } from './output-session';
import { patternOf } from './search';
import { rowHeight } from './use-scroll';
import { geometryOf, placeOf } from './viewport';

/** Longer lines are shown up to here; a browser needs seconds to lay out a megabyte in one row. */
const shownCharacters = 5000;

/** Names of the scripts of child tasks, by index of their pid. */
export function useChildNames(pids: readonly string[]): string[] {
  const children = pids.slice(1);
  const results = useQueries({
    queries: children.map((pid) => ({ ...taskQuery(pid), staleTime: Infinity })),
  });
  const names = results.map(({ data }, i) => (data ? baseName(data.startPath) : (children[i] ?? '').slice(0, 8)));
  const key = names.join('\n');
  return useMemo(() => ['', ...(key === '' ? [] : key.split('\n'))], [key]);
}

export interface Highlight {
  query: string;
  matchCase: boolean;
  current: number | null;
}

interface OutputLinesProps {
  view: RefObject<HTMLDivElement | null>;
  window: Window;
  scrollTop: number;
  viewHeight: number;
  first: number;
  end: number;
  childNames: string[];
  highlight: Highlight;
  onScroll: () => void;
  onCopyAll: () => void;
}

/** The lines that are on the screen, at their places in the whole. */
export function OutputLines({ view, window, scrollTop, viewHeight, first, end, childNames, highlight, onScroll, onCopyAll }: OutputLinesProps) {
  const t = useTexts();
  const count = end - first;
  const { height } = geometryOf(count, rowHeight, viewHeight);
  const top = placeOf(window.from - first, scrollTop, count, rowHeight, viewHeight);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const element = event.currentTarget;
    const { ratio } = geometryOf(count, rowHeight, viewHeight);
    const page = Math.max(rowHeight, viewHeight - 2 * rowHeight);
    const moves: Record<string, number> = { ArrowUp: -rowHeight, ArrowDown: rowHeight, PageUp: -page, PageDown: page };
    const move = moves[event.key];
    if (move !== undefined && !event.ctrlKey) {
      event.preventDefault();
      element.scrollTop += Math.sign(move) * Math.max(1, Math.abs(move) / ratio);
    } else if (event.key === 'Home') {
      event.preventDefault();
      element.scrollTop = 0;
    } else if (event.key === 'End') {
      event.preventDefault();
      element.scrollTop = element.scrollHeight;
    } else if ((event.ctrlKey || event.metaKey) && event.code === 'KeyC' && getSelection()?.isCollapsed !== false) {
      event.preventDefault();
      onCopyAll();
    }
  };

  return (
    <div
      ref={view}
      className="lines"
      data-testid="console-lines"
      data-line-count={count}
      role="log"
      aria-label={t.console.lines}
      aria-live="off"
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div className="lines-space" style={{ height }}>
        <div className="lines-rows" style={{ transform: `translateY(${top}px)` }}>
          {window.lines.map((line, i) => (
            <Row
              key={window.from + i}
              number={window.from + i}
              line={line}
              child={line.pid === 0 ? null : (childNames[line.pid] ?? '')}
              query={highlight.query}
              matchCase={highlight.matchCase}
              current={highlight.current === window.from + i}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  number: number;
  line: Line;
  child: string | null;
  query: string;
  matchCase: boolean;
  current: boolean;
}

const Row = memo(
  function Row({ number, line, child, query, matchCase, current }: RowProps) {
    const t = useTexts();
    const more = line.text.length - shownCharacters;
    const spans = spansOf(more > 0 ? line.text.slice(0, shownCharacters) : line.text);
    return (
      <div className="line" data-stream={line.stream} data-child={child ?? undefined} data-current={current || undefined} data-number={number}>
        <span className="line-time">{formatOffset(line.time)}</span>
        {child !== null && (
          <span className="line-child" data-hue={line.pid % 4}>
            {t.console.child(child)}
          </span>
        )}
        {line.stream === 'stderr' && <span className="sr-only">{t.console.stderr}: </span>}
        {line.stream === 'system' && <span className="line-system">{t.console.system}</span>}
        <span className="line-text">
          {spans.map((span, i) => (
            <span key={i} className={span.className || undefined} style={span.style}>
              {query === '' ? span.text : marked(span.text, query, matchCase)}
            </span>
          ))}
        </span>
        {more > 0 && <span className="line-more">{t.console.truncated(formatBytes(more, t.common.units))}</span>}
      </div>
    );
  },
  (before, after) =>
    before.number === after.number &&
    before.line.text === after.line.text &&
    before.line.time === after.line.time &&
    before.line.stream === after.line.stream &&
    before.child === after.child &&
    before.query === after.query &&
    before.matchCase === after.matchCase &&
    before.current === after.current,
);

function marked(text: string, query: string, matchCase: boolean) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(patternOf(query, matchCase))) {
    parts.push(text.slice(last, match.index), <mark key={match.index}>{match[0]}</mark>);
    last = match.index + match[0].length;
  }
  return [...parts, text.slice(last)];
}
