import { describe, expect, it } from 'vitest';
import { filterOf } from './task-filter';

describe('filterOf', () => {
  it('takes what the address asks for', () => {
    const query = new URLSearchParams({ applicationId: 'a', outcome: 'timed_out', when: 'hour' });
    expect(filterOf(query, Date.UTC(2026, 0, 1, 12))).toMatchObject({
      applicationId: 'a',
      outcome: 'timed_out',
      since: '2026-01-01T11:00:00.000Z',
    });
  });

  it('leaves out what does not exist', () => {
    const filter = filterOf(new URLSearchParams({ state: 'sleeping', when: 'century' }));
    expect(Object.values(filter).every((value) => value === undefined)).toBe(true);
  });
});
