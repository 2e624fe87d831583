import { describe, expect, it } from 'vitest';
import { formatJson, scanJsonObject } from './json';

const failure = (text: string) => {
  const scan = scanJsonObject(text);
  if (scan.ok) throw new Error(`accepted: ${text}`);
  return scan;
};

describe('scanJsonObject', () => {
  it.each(['{}', ' {"a": [1, -2.5e3, "x\\n\\u00e9", {"b": null}], "c": true} ', '{"a":123456789012345678901234567890}'])(
    'accepts %s',
    (text) => {
      expect(scanJsonObject(text).ok).toBe(true);
    },
  );

  it.each([
    ['', 'empty', 1, 1],
    ['{\n  "a": 1,\n}', 'trailingComma', 2, 9],
    ['{\n  "a" 1}', 'colonExpected', 2, 7],
    ['{"a": 1 "b": 2}', 'commaExpected', 1, 9],
    ["{'a': 1}", 'nameExpected', 1, 2],
    ['{"a": True}', 'unexpectedCharacter', 1, 7],
    ['{"a": 01}', 'badNumber', 1, 7],
    ['{"a": 1', 'unexpectedEnd', 1, 8],
    ['{"a": "x\ny"}', 'badString', 1, 7],
    ['{"a": "\\q"}', 'badEscape', 1, 8],
    ['[1]', 'notObject', 1, 1],
    ['{} x', 'moreAfterEnd', 1, 4],
  ])('refuses %j: %s at %i:%i', (text, problem, line, column) => {
    expect(failure(text)).toMatchObject({ problem, line, column });
  });

  it('agrees with JSON.parse on what is JSON', () => {
    for (const text of ['{"a":1.}', '{"a":-}', '{"a":.5}', '{"a":1e}', '{"a":"\u0001"}', '{"a":nul}', '{,}', '{"a":[1,]}']) {
      expect(() => JSON.parse(text) as unknown).toThrow();
      expect(scanJsonObject(text).ok).toBe(false);
    }
  });

  it('refuses nesting that would exhaust the stack', () => {
    expect(failure(`{"a":${'['.repeat(5000)}`)).toMatchObject({ problem: 'tooDeep' });
  });

  it('says where each value lies', () => {
    const text = '{"pid": "x", "startParams": {"n": 1e400}}';
    const scan = scanJsonObject(text);
    const range = scan.ok ? scan.members.get('startParams') : undefined;
    expect(text.slice(range?.start, range?.end)).toBe('{"n": 1e400}');
  });
});

describe('formatJson', () => {
  it('lays out, and leaves numbers and strings alone', () => {
    const text = formatJson('{"a":1.50,"b":[1,{"c":"x, y: {"}],"e":{},"f":[]}');
    expect(text).toBe(
      '{\n  "a": 1.50,\n  "b": [\n    1,\n    {\n      "c": "x, y: {"\n    }\n  ],\n  "e": {},\n  "f": []\n}',
    );
  });
});
