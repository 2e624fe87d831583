import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute, type Route } from './router';

describe('routes', () => {
  it.each<Route>([
    { page: 'applications' },
    { page: 'application', id: 'a b/c', file: 'пакет/x&y.py' },
    { page: 'application', id: 'a', file: null },
    { page: 'tasks', query: new URLSearchParams({ state: 'running' }) },
    { page: 'hypervisors' },
  ])('there and back: %j', (route) => {
    expect(parseRoute(hrefOf(route))).toEqual(route);
  });

  it('lead to the applications when unknown', () => {
    expect(parseRoute('')).toEqual({ page: 'applications' });
    expect(parseRoute('#/nowhere')).toEqual({ page: 'applications' });
  });
});
