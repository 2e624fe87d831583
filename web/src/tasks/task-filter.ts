import { outcomeKinds, taskStates, type TaskFilter } from '../api/types';

export const periods = ['hour', 'day', 'week'] as const;
export type Period = (typeof periods)[number];

const hours: Record<Period, number> = { hour: 1, day: 24, week: 7 * 24 };

function oneOf<T extends string>(value: string | null, known: readonly T[]): T | undefined {
  return known.find((item) => item === value);
}

/** The filter that the page's address asks for; what it does not know it leaves out. */
export function filterOf(query: URLSearchParams, now = Date.now()): TaskFilter {
  const period = oneOf(query.get('when'), periods);
  return {
    applicationId: query.get('applicationId') ?? undefined,
    scriptId: query.get('scriptId') ?? undefined,
    state: oneOf(query.get('state'), taskStates),
    outcome: oneOf(query.get('outcome'), outcomeKinds),
    owner: query.get('owner') ?? undefined,
    since: period && new Date(now - hours[period] * 3_600_000).toISOString(),
  };
}
