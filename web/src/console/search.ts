import type { LineStore } from './line-store';

const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A pattern that finds `query` as it is. */
export const patternOf = (query: string, matchCase: boolean) => new RegExp(escape(query), matchCase ? 'g' : 'gi');

const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;

/** The text without terminal sequences: what a person sees and searches. */
export const withoutEscapes = (text: string) => (text.includes('\u001b') ? text.replace(escapes, '') : text);

/** What a terminal would show of a line: after a carriage return it is drawn anew. */
export function visibleText(text: string): string {
  if (!text.includes('\r')) return text;
  const trimmed = text.replace(/\r+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}

/** A search that goes over the store in steps, and goes on when lines are added. */
export class Search {
  /** Numbers of the lines that match. */
  readonly found: number[] = [];
  private at = 0;
  private readonly pattern: RegExp;

  constructor(
    private readonly store: LineStore,
    query: string,
    matchCase: boolean,
  ) {
    this.pattern = patternOf(query, matchCase);
  }

  /** Searches for about `milliseconds`; returns whether everything there is now was searched. */
  step(milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    this.at = this.store.scan(this.at, (text, first, lineOf) => {
      if (text.includes('\u001b')) this.searchLines(text, first);
      else this.searchText(text, lineOf);
      return performance.now() < until;
    });
    return this.at >= this.store.end;
  }

  private searchText(text: string, lineOf: (place: number) => number): void {
    this.pattern.lastIndex = 0;
    for (let match = this.pattern.exec(text); match; match = this.pattern.exec(text)) {
      this.found.push(lineOf(match.index));
      const end = text.indexOf('\n', match.index);
      if (end === -1) return;
      this.pattern.lastIndex = end + 1;
    }
  }

  private searchLines(text: string, first: number): void {
    text.split('\n').forEach((line, i) => {
      this.pattern.lastIndex = 0;
      if (this.pattern.test(withoutEscapes(line))) this.found.push(first + i);
    });
  }
}
