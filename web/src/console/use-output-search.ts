import { useEffect, useMemo, useRef, useState } from 'react';
import type { Highlight } from './OutputLines';
import { searchName, type Matches, type OutputSession } from './output-session';

/** Searching is the worker's; this keeps what is asked and which match is looked at. */
export function useOutputSearch(session: OutputSession, matches: Matches, show: (line: number) => void) {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [matchCase, setMatchCase] = useState(false);
  const [index, setIndex] = useState(0);
  const shownFor = useRef<string | null>(null);
  const active = open ? query : '';

  useEffect(() => {
    setIndex(0);
    shownFor.current = null;
    session.search(active, matchCase);
  }, [session, active, matchCase]);

  // The first match comes into view by itself, once for every query.
  const firstMatch = matches.asked === searchName(active, matchCase) ? matches.lines[0] : undefined;
  const asked = searchName(active, matchCase);
  useEffect(() => {
    if (active === '' || firstMatch === undefined || shownFor.current === asked) return;
    shownFor.current = asked;
    show(firstMatch);
  }, [active, asked, firstMatch, show]);

  const step = (by: 1 | -1) => {
    const total = matches.lines.length;
    if (total === 0) return;
    const next = (index + by + total) % total;
    setIndex(next);
    const line = matches.lines[next];
    if (line !== undefined) show(line);
  };
  const current = active === '' ? null : (matches.lines[index] ?? null);
  const highlight = useMemo<Highlight>(() => ({ query: active, matchCase, current }), [active, matchCase, current]);
  return { open, setOpen, query, setQuery, matchCase, setMatchCase, index, step, highlight, close: () => setOpen(false) };
}
