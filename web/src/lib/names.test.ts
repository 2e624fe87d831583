import { describe, expect, it } from 'vitest';
import { checkApplicationName, checkFileName, scriptName } from './names';
import { copyName, isWithin, movedPath } from './paths';

const none = () => false;

describe('checkFileName', () => {
  it.each([
    ['test.py', null],
    ['пример.py', null],
    ['', 'empty'],
    ['a/b.py', 'slash'],
    ['a\\b.py', 'slash'],
    ['..', 'dots'],
    ['../x.py', 'dots'],
    [' a.py', 'spaceAround'],
    ['a\u0007.py', 'control'],
    ['я'.repeat(128), 'tooLong'],
  ])('%j: %s', (name, problem) => {
    expect(checkFileName(name, none)).toBe(problem);
  });

  it('notices a name that exists', () => {
    expect(checkFileName('test.py', (name) => name === 'test.py')).toBe('exists');
  });
});

describe('checkApplicationName', () => {
  it.each([
    ['Manual', null],
    ['.hidden', 'dotFirst'],
    ['a/b', 'slash'],
    ['x'.repeat(65), 'tooLong'],
  ])('%j: %s', (name, problem) => {
    expect(checkApplicationName(name, none)).toBe(problem);
  });
});

describe('names and paths', () => {
  it('adds the suffix of a script', () => {
    expect(['test', 'test.py', 'a.json', ' x ', ''].map(scriptName)).toEqual(['test.py', 'test.py', 'a.json', 'x.py', '']);
  });

  it('finds a free name for a copy', () => {
    const taken = new Set(['p/a copy.py']);
    expect(copyName('p/a.py', (path) => taken.has(path))).toBe('p/a copy 2.py');
    expect(copyName('Makefile', none)).toBe('Makefile copy');
  });

  it('moves what lies in a moved folder, and nothing else', () => {
    expect(movedPath('a/b/c.py', 'a', 'x/y')).toBe('x/y/b/c.py');
    expect(movedPath('ab/c.py', 'a', 'x')).toBe('ab/c.py');
    expect(isWithin('ab', 'a')).toBe(false);
  });
});
