import { Textarea } from '@mantine/core';
import type { RefObject } from 'react';
import { useTexts } from '../i18n';
import type { Dictionary } from '../i18n/en';
import { scanJsonObject, type JsonScan } from '../lib/json';

/** What is wrong with the text of a JSON object and where, in words; null when nothing is. */
export function describeProblem(scan: JsonScan, t: Dictionary): string | null {
  if (scan.ok) return null;
  const names = scan.found !== '' && scan.problem !== 'unexpectedEnd' && scan.problem !== 'empty' && scan.problem !== 'notObject';
  return t.run.problem(scan.line, scan.column, t.run.jsonProblems[scan.problem]) + (names ? t.run.problemFound(scan.found) : '');
}

interface JsonFieldProps {
  label: string;
  hint?: string | undefined;
  value: string;
  failure: string | null;
  onChange: (value: string) => void;
  onSubmit: () => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** A field for a JSON object that says, while it is typed, where it is wrong. */
export function JsonField({ label, hint, value, failure, onChange, onSubmit, field }: JsonFieldProps) {
  const t = useTexts();
  const problem = describeProblem(scanJsonObject(value), t);
  return (
    <Textarea
      ref={field}
      label={label}
      description={hint}
      value={value}
      error={failure ?? problem}
      autosize
      minRows={8}
      maxRows={18}
      spellCheck={false}
      data-autofocus
      classNames={{ input: 'json-input', error: 'json-error' }}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.stopPropagation();
          onSubmit();
        }
      }}
    />
  );
}

/** Puts the cursor where the text is wrong; returns whether it is right. */
export function checkJsonField(value: string, field: HTMLTextAreaElement | null): boolean {
  const scan = scanJsonObject(value);
  if (scan.ok) return true;
  field?.focus();
  field?.setSelectionRange(scan.offset, Math.min(value.length, scan.offset + 1));
  return false;
}
