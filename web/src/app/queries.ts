import { QueryClient, useQuery, type InfiniteData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listApplications } from '../api/applications';
import { ApiError } from '../api/errors';
import { listFiles } from '../api/files';
import { whoAmI } from '../api/session';
import { getTask, listHypervisors, listTasks } from '../api/tasks';
import type { Task, TaskFilter } from '../api/types';
import { pollInterval, useLive } from './events';

/** What is tried again by itself: only what may pass. */
const mayPass = (error: unknown) => !(error instanceof ApiError) || error.code === 'network' || error.code === 'unavailable';

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: (count, error) => count < 3 && mayPass(error), staleTime: 2000, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
}

const usePolling = () => (useLive((state) => state.connected) ? (false as const) : pollInterval);

export const useMe = () => useQuery({ queryKey: ['me'], queryFn: whoAmI, staleTime: Infinity });

export function useApplications() {
  const refetchInterval = usePolling();
  return useQuery({ queryKey: ['applications'], queryFn: listApplications, refetchInterval });
}

export function useFiles(applicationId: string) {
  const refetchInterval = usePolling();
  return useQuery({ queryKey: ['files', applicationId], queryFn: () => listFiles(applicationId), refetchInterval });
}

const stateOrder = ['queued', 'starting', 'running', 'closed'];

/** What is later of a task's answer and what is known of it: an event may overtake an answer. */
function laterOf(client: QueryClient, answer: Task): Task {
  const known = client.getQueryData<Task>(['task', answer.pid]);
  return known && stateOrder.indexOf(known.state) > stateOrder.indexOf(answer.state) ? known : answer;
}

/** The question for one task, for everybody who asks it. */
export const taskQuery = (pid: string) => ({
  queryKey: ['task', pid],
  queryFn: async ({ client }: { client: QueryClient }) => laterOf(client, await getTask(pid)),
});

/** A page of the history, with what events have told of its tasks since. */
export async function listLaterTasks(client: QueryClient, filter: TaskFilter, limit: number, before?: string): Promise<Task[]> {
  return (await listTasks(filter, limit, before)).map((task) => laterOf(client, task));
}

export function useTask(pid: string) {
  const polling = usePolling();
  return useQuery({
    ...taskQuery(pid),
    refetchInterval: ({ state }) => (state.data?.state === 'closed' || state.error instanceof ApiError && state.error.status === 404 ? false : polling && 1000),
  });
}

export function useHypervisors() {
  return useQuery({ queryKey: ['hypervisors'], queryFn: listHypervisors, refetchInterval: 5000 });
}

/** Names of the applications by their ids. */
export function useApplicationNames(): Map<string, string> {
  const { data } = useApplications();
  return useMemo(() => new Map(data?.map(({ id, name }) => [id, name])), [data]);
}

/** Puts a task that changed where it is shown; a new one appears in lists by a refetch. */
export function taskChanged(client: QueryClient, task: Task): void {
  client.setQueryData(['task', task.pid], task);
  let known = true;
  for (const [key, data] of client.getQueriesData<InfiniteData<Task[]>>({ queryKey: ['tasks'] })) {
    if (!data) continue;
    const here = data.pages.some((page) => page.some(({ pid }) => pid === task.pid));
    known = known && here;
    if (!here) continue;
    client.setQueryData(key, {
      ...data,
      pages: data.pages.map((page) => page.map((item) => (item.pid === task.pid ? task : item))),
    });
  }
  if (!known) void client.invalidateQueries({ queryKey: ['tasks'] });
}
