import { TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconLetterCase, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { usePreferences } from '../app/preferences';
import { useTexts } from '../i18n';
import { IconButton } from '../ui/IconButton';
import type { Matches } from './output-session';

interface SearchBarProps {
  query: string;
  matchCase: boolean;
  matches: Matches;
  index: number;
  onQuery: (query: string) => void;
  onMatchCase: (on: boolean) => void;
  onStep: (step: 1 | -1) => void;
  onClose: () => void;
}

/** Search in the output; Enter goes to the next match, Shift+Enter back, Escape closes. */
export function SearchBar({ query, matchCase, matches, index, onQuery, onMatchCase, onStep, onClose }: SearchBarProps) {
  const t = useTexts();
  const language = usePreferences((state) => state.language);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const total = matches.lines.length;
  const words =
    query === ''
      ? ''
      : total > 0
        ? t.console.matches(index + 1, total.toLocaleString(language) + (matches.done ? '' : '…'))
        : matches.done
          ? t.console.noMatches
          : t.console.searching;
  return (
    <div
      className="search-bar"
      role="search"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <TextInput
        ref={input}
        size="xs"
        className="grow"
        aria-label={t.console.search}
        placeholder={t.console.search}
        value={query}
        onChange={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
        }}
      />
      <span className="search-count muted" role="status">
        {words}
      </span>
      <IconButton label={t.console.matchCase} icon={IconLetterCase} pressed={matchCase} size={24} onClick={() => onMatchCase(!matchCase)} />
      <IconButton label={t.console.previous} icon={IconChevronUp} keys="Shift+Enter" size={24} onClick={() => onStep(-1)} />
      <IconButton label={t.console.next} icon={IconChevronDown} keys="Enter" size={24} onClick={() => onStep(1)} />
      <IconButton label={t.console.closeSearch} icon={IconX} size={24} onClick={onClose} />
    </div>
  );
}
