import Anser from 'anser';
import { visibleText, withoutEscapes } from './search';

export interface Span {
  text: string;
  className: string;
  style: { color?: string; backgroundColor?: string };
}

const colourSequence = /^\[[\d;]*m/;

/** Takes terminal sequences out, but for colours. */
function onlyColours(text: string): string {
  return text
    .split('\u001b')
    .map((part, i) => {
      if (i === 0) return part;
      return colourSequence.test(part) ? `\u001b${part}` : withoutEscapes(`\u001b${part}`);
    })
    .join('');
}

/** The spans of a line of output, coloured by class (the sixteen colours follow the theme) or by value. */
export function spansOf(line: string): Span[] {
  const text = visibleText(line);
  if (!text.includes('\u001b')) return [{ text, className: '', style: {} }];
  return Anser.ansiToJson(onlyColours(text), { use_classes: true, remove_empty: true }).map((part) => {
    const style: Span['style'] = {};
    const classes = part.decorations.map((decoration) => `ansi-${decoration}`);
    const colour = (name: string | null, value: string | null, property: 'color' | 'backgroundColor', suffix: string) => {
      if (!name) return;
      if (name === 'ansi-truecolor' && value) style[property] = `rgb(${value})`;
      else if (name.startsWith('ansi-palette-')) style[property] = palette(Number(name.slice('ansi-palette-'.length)));
      else classes.push(name + suffix);
    };
    colour(part.fg, part.fg_truecolor, 'color', '-fg');
    colour(part.bg, part.bg_truecolor, 'backgroundColor', '-bg');
    return { text: part.content, className: classes.join(' '), style };
  });
}

/** Colour `index` of the 256 that terminals share, from 16 on. */
function palette(index: number): string {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const level = (n: number) => (n === 0 ? 0 : 55 + n * 40);
  const n = index - 16;
  return `rgb(${level(Math.floor(n / 36))}, ${level(Math.floor(n / 6) % 6)}, ${level(n % 6)})`;
}
