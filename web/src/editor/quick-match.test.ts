import { describe, expect, it } from 'vitest';
import { languageOf } from './languages';
import { quickMatch } from './quick-match';

const paths = ['package/module2.py', 'module1.py', 'test.py', 'tests/long/test_data_exchange_child.py', 'readme.md'];

describe('quickMatch', () => {
  it('prefers the name and its start', () => {
    expect(quickMatch(paths, 'test', 3)[0]).toBe('test.py');
    expect(quickMatch(paths, 'mod', 9)).toEqual(['module1.py', 'package/module2.py']);
  });

  it('takes characters in order', () => {
    expect(quickMatch(paths, 'tdec', 9)).toEqual(['tests/long/test_data_exchange_child.py']);
    expect(quickMatch(paths, 'zzz', 9)).toEqual([]);
  });

  it('shows all for nothing typed', () => {
    expect(quickMatch(paths, '', 9)).toHaveLength(5);
  });
});

describe('languageOf', () => {
  it('goes by the suffix', () => {
    expect(['a.py', 'b.PY3', 'c.yml', 'd', 'e.txt'].map(languageOf)).toEqual(['python', 'python', 'yaml', 'plaintext', 'plaintext']);
  });
});
