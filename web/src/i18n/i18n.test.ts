import { describe, expect, it } from 'vitest';
import { en } from './en';
import { ru } from './ru';

function entries(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => entries(item, path === '' ? key : `${path}.${key}`));
}

describe('the dictionaries', () => {
  it('have the same keys', () => {
    expect(entries(ru).map(([path]) => path).sort()).toEqual(entries(en).map(([path]) => path).sort());
  });

  it('have a text for every key, functions where the other has one', () => {
    const english = new Map(entries(en));
    for (const [path, text] of entries(ru)) {
      expect(typeof text, path).toBe(typeof english.get(path));
      expect(text, path).not.toBe('');
    }
  });

  it('are translated: Russian texts are in Cyrillic, but for names', () => {
    const names = /^(product|console\.system|editor\.languages\.\w+)$/;
    for (const [path, text] of entries(ru)) {
      if (typeof text === 'string' && !names.test(path)) expect(text, path).toMatch(/[а-яё]/i);
    }
  });

  it('count in Russian', () => {
    expect([1, 3, 5, 21].map((n) => ru.files.uploaded(n))).toEqual([
      'Загружено: 1 файл',
      'Загружено: 3 файла',
      'Загружено: 5 файлов',
      'Загружено: 21 файл',
    ]);
  });
});
