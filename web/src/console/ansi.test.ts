import { describe, expect, it } from 'vitest';
import { spansOf } from './ansi';

describe('spansOf', () => {
  it('leaves plain text alone, marks included', () => {
    expect(spansOf('a <b> & "c"')).toEqual([{ text: 'a <b> & "c"', className: '', style: {} }]);
  });

  it('colours by class, palette and value', () => {
    const spans = spansOf('\u001b[31mred\u001b[0m \u001b[1;38;5;208morange\u001b[0m\u001b[48;2;1;2;3mx');
    expect(spans.map(({ text }) => text)).toEqual(['red', ' ', 'orange', 'x']);
    expect(spans[0]?.className).toBe('ansi-red-fg');
    expect(spans[2]?.className).toBe('ansi-bold');
    expect(spans[2]?.style.color).toBe('rgb(255, 135, 0)');
    expect(spans[3]?.style.backgroundColor?.replaceAll(' ', '')).toBe('rgb(1,2,3)');
  });

  it('takes other sequences out', () => {
    expect(spansOf('a\u001b[2Kb\u001b]0;title\u0007c\u001b[1;1Hd').map(({ text }) => text).join('')).toBe('abcd');
  });

  it('shows a redrawn line as it is at last', () => {
    expect(spansOf('10%\r20%\r30%')[0]?.text).toBe('30%');
    expect(spansOf('dos\r')[0]?.text).toBe('dos');
  });
});
