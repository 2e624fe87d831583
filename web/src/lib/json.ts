/**
 * A JSON reader that says where the text is wrong, and where the members' values lie, so that numbers can be passed on
 * as they were written: a double does not hold every number that JSON can.
 */

export type JsonProblem =
  | 'empty'
  | 'notObject'
  | 'unexpectedEnd'
  | 'unexpectedCharacter'
  | 'badString'
  | 'badEscape'
  | 'badNumber'
  | 'nameExpected'
  | 'colonExpected'
  | 'commaExpected'
  | 'trailingComma'
  | 'moreAfterEnd'
  | 'tooDeep';

export interface Range {
  start: number;
  end: number;
}

export type JsonScan =
  | { ok: true; members: Map<string, Range> }
  | { ok: false; problem: JsonProblem; offset: number; line: number; column: number; found: string };

const depthLimit = 100;

class Failure {
  constructor(
    readonly problem: JsonProblem,
    readonly offset: number,
  ) {}
}

const isSpace = (c: string | undefined) => c === ' ' || c === '\n' || c === '\r' || c === '\t';

class Scanner {
  at = 0;
  readonly members = new Map<string, Range>();

  constructor(readonly text: string) {}

  fail(problem: JsonProblem, offset = this.at): never {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- caught by scanJsonObject, never seen outside
    throw new Failure(offset >= this.text.length && problem !== 'notObject' ? 'unexpectedEnd' : problem, offset);
  }

  space(): void {
    while (isSpace(this.text[this.at])) this.at++;
  }

  value(depth: number): void {
    if (depth > depthLimit) this.fail('tooDeep');
    const c = this.text[this.at];
    if (c === '{') this.object(depth);
    else if (c === '[') this.array(depth);
    else if (c === '"') this.string();
    else if (c === '-' || (c !== undefined && c >= '0' && c <= '9')) this.number();
    else this.word();
  }

  object(depth: number): void {
    this.at++;
    this.space();
    if (this.text[this.at] === '}') {
      this.at++;
      return;
    }
    for (;;) {
      if (this.text[this.at] !== '"') this.fail('nameExpected');
      const nameStart = this.at;
      this.string();
      const name = JSON.parse(this.text.slice(nameStart, this.at)) as string;
      this.space();
      if (this.text[this.at] !== ':') this.fail('colonExpected');
      this.at++;
      this.space();
      const start = this.at;
      this.value(depth + 1);
      if (depth === 0) this.members.set(name, { start, end: this.at });
      if (this.endOfList('}')) return;
    }
  }

  array(depth: number): void {
    this.at++;
    this.space();
    if (this.text[this.at] === ']') {
      this.at++;
      return;
    }
    do this.value(depth + 1);
    while (!this.endOfList(']'));
  }

  /** Passes the comma or the bracket after an item; true at the bracket. */
  endOfList(bracket: string): boolean {
    this.space();
    const c = this.text[this.at];
    if (c === bracket) {
      this.at++;
      return true;
    }
    if (c !== ',') this.fail('commaExpected');
    const comma = this.at++;
    this.space();
    if (this.text[this.at] === bracket) this.fail('trailingComma', comma);
    return false;
  }

  string(): void {
    const start = this.at++;
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) this.fail('unexpectedEnd', this.text.length);
      if (c === '"') break;
      if (c < ' ') this.fail('badString', c === '\n' || c === '\r' ? start : this.at);
      if (c === '\\') this.escape();
      else this.at++;
    }
    this.at++;
  }

  escape(): void {
    const c = this.text[this.at + 1];
    if (c === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(this.text.slice(this.at + 2, this.at + 6))) this.fail('badEscape');
      this.at += 6;
    } else if (c !== undefined && '"\\/bfnrt'.includes(c)) this.at += 2;
    else this.fail('badEscape');
  }

  number(): void {
    const match = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(this.text.slice(this.at, this.at + 2000));
    const end = this.at + (match ? match[0].length : 0);
    if (!match || /[\w.+-]/.test(this.text[end] ?? ' ')) this.fail('badNumber');
    this.at = end;
  }

  word(): void {
    const word = /^[A-Za-z_]*/.exec(this.text.slice(this.at, this.at + 20))?.[0] ?? '';
    if (word !== 'true' && word !== 'false' && word !== 'null') this.fail('unexpectedCharacter');
    this.at += word.length;
  }
}

/** Reads the text of a JSON object. Lines and columns count from 1. */
export function scanJsonObject(text: string): JsonScan {
  const scanner = new Scanner(text);
  try {
    scanner.space();
    if (scanner.at >= text.length) throw new Failure('empty', 0) as unknown as Error;
    const isObject = text[scanner.at] === '{';
    const start = scanner.at;
    scanner.value(0);
    scanner.space();
    if (scanner.at < text.length) scanner.fail('moreAfterEnd');
    if (!isObject) scanner.fail('notObject', start);
    return { ok: true, members: scanner.members };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const before = text.slice(0, failure.offset);
    const line = before.split('\n').length;
    const column = failure.offset - (before.lastIndexOf('\n') + 1) + 1;
    const found = String.fromCodePoint(text.codePointAt(failure.offset) ?? 32).trim();
    return { ok: false, problem: failure.problem, offset: failure.offset, line, column, found };
  }
}

/** Lays JSON out over lines with two spaces; every token stays as it was written. The text must be valid. */
export function formatJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  let out = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    if (token === '{' || token === '[') {
      depth++;
      out += next === '}' || next === ']' ? token : token + line();
    } else if (token === '}' || token === ']') {
      depth--;
      const previous = tokens[i - 1];
      out += previous === '{' || previous === '[' ? token : line() + token;
    } else if (token === ',') out += token + line();
    else out += token === ':' ? ': ' : token;
  });
  return out;
}
