/** `[00.026]`, `[01:02.500]`, `[1:00:00.000]`: an offset in seconds from the start of a task. */
export function formatOffset(seconds: number): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const rest = `${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes === 0) return `[${rest}]`;
  if (minutes < 60) return `[${two(minutes)}:${rest}]`;
  return `[${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}]`;
}

/** `8:15:51 AM`, in English also where a locale would say it otherwise: a tab's title is one of the product's terms. */
export function formatClock(iso: string, language: string): string {
  return new Date(iso).toLocaleTimeString(language === 'ru' ? 'ru-RU' : 'en-US', {
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  }).replace(/\u202f/g, ' ');
}

export function formatMoment(iso: string, language: string): string {
  return new Date(iso).toLocaleString(language === 'ru' ? 'ru-RU' : 'en-US', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  });
}

/** Seconds between two moments; up to `now` (ms) while there is no end. Never negative: clocks differ. */
export function secondsBetween(start: string, end: string | null, now: number): number {
  return Math.max(0, ((end === null ? now : Date.parse(end)) - Date.parse(start)) / 1000);
}

/** A duration in seconds for people: two digits after the point below one second, one above. */
export const formatSeconds = (seconds: number): string => seconds.toFixed(seconds < 1 ? 2 : 1);

/** A size in bytes for people: at most three digits before the unit's name. */
export function formatBytes(bytes: number, units: readonly string[]): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`;
}

/** A number with at most `digits` after the point and no zeros at its end. */
export const formatNumber = (value: number, digits: number) => String(Number(value.toFixed(digits)));
