import { Button, Select, Skeleton } from '@mantine/core';
import { IconFilterOff, IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { listScripts } from '../api/files';
import { outcomeKinds, taskStates, type Task } from '../api/types';
import { pollInterval, useLive } from '../app/events';
import { listLaterTasks, useApplicationNames, useApplications } from '../app/queries';
import { navigate } from '../app/router';
import { useTexts } from '../i18n';
import { EmptyState } from '../ui/EmptyState';
import { TasksTable } from './TasksTable';
import { filterOf, periods, type Period } from './task-filter';

const pageSize = 50;

/** The history of tasks, newest first. The filters are in the address, so that a view can be passed on. */
export function TasksPage({ query }: { query: URLSearchParams }) {
  const t = useTexts();
  const names = useApplicationNames();
  const connected = useLive((state) => state.connected);
  const filter = filterOf(query);
  const tasks = useInfiniteQuery({
    queryKey: ['tasks', query.toString()],
    queryFn: ({ client, pageParam }) => listLaterTasks(client, filterOf(query), pageSize, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Task[]) => (page.length === pageSize ? page.at(-1)?.pid : undefined),
    refetchInterval: connected ? false : pollInterval,
  });
  const list = tasks.data?.pages.flat();
  const filtered = Object.values(filter).some((value) => value !== undefined);

  return (
    <div className="list-page" data-testid="tasks-page">
      <div className="list-page-inner">
        <div className="list-head">
          <h1>{t.tasks.title}</h1>
        </div>
        <Filters query={query} filtered={filtered} owners={list?.map(({ owner }) => owner) ?? []} />
        {tasks.isPending && [0, 1, 2, 3, 4].map((i) => <Skeleton key={i} height={34} mb={6} radius="sm" />)}
        {list?.length === 0 &&
          (filtered ? (
            <EmptyState icon={IconFilterOff} title={t.tasks.nothingTitle} hint={t.tasks.nothingHint}>
              <Button variant="default" onClick={() => navigate({ page: 'tasks', query: new URLSearchParams() })}>
                {t.tasks.clearFilters}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={IconHistory} title={t.tasks.emptyTitle} hint={t.tasks.emptyHint} />
          ))}
        {list !== undefined && list.length > 0 && (
          <>
            <TasksTable tasks={list} names={names} />
            <div className="list-more">
              {tasks.hasNextPage ? (
                <Button variant="default" loading={tasks.isFetchingNextPage} onClick={() => void tasks.fetchNextPage()}>
                  {t.tasks.older}
                </Button>
              ) : (
                <span className="muted">{t.tasks.end}</span>
              )}
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function Filters({ query, filtered, owners }: { query: URLSearchParams; filtered: boolean; owners: string[] }) {
  const t = useTexts();
  const applications = useApplications();
  const applicationId = query.get('applicationId');
  const scripts = useQuery({
    queryKey: ['scripts', applicationId],
    queryFn: () => listScripts(applicationId ?? ''),
    enabled: applicationId !== null,
  });
  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(query);
    if (value === null) next.delete(name);
    else next.set(name, value);
    if (name === 'applicationId') next.delete('scriptId');
    if (name === 'outcome' && value !== null) next.delete('state');
    navigate({ page: 'tasks', query: next }, true);
  };
  const owner = query.get('owner');
  const people = [...new Set(owner === null ? owners : [owner, ...owners])];
  const times: Record<Period, string> = { hour: t.tasks.lastHour, day: t.tasks.lastDay, week: t.tasks.lastWeek };

  return (
    <div className="filters" role="group" aria-label={t.tasks.filters}>
      <Filter label={t.tasks.application} value={applicationId} searchable onChange={(value) => set('applicationId', value)}
        data={(applications.data ?? []).map(({ id, name }) => ({ value: id, label: name }))} />
      <Filter label={t.tasks.script} value={query.get('scriptId')} searchable disabled={applicationId === null} onChange={(value) => set('scriptId', value)}
        data={(scripts.data ?? []).map(({ id, path }) => ({ value: id, label: path }))} />
      <Filter label={t.tasks.state} value={query.get('state')} onChange={(value) => set('state', value)}
        data={taskStates.map((state) => ({ value: state, label: t.task.states[state] }))} />
      <Filter label={t.tasks.outcome} value={query.get('outcome')} onChange={(value) => set('outcome', value)}
        data={outcomeKinds.map((kind) => ({ value: kind, label: t.task.outcomes[kind] }))} />
      <Filter label={t.tasks.owner} value={owner} onChange={(value) => set('owner', value)}
        data={people.map((name) => ({ value: name, label: name }))} />
      <Filter label={t.tasks.when} value={query.get('when')} all={t.tasks.anyTime} onChange={(value) => set('when', value)}
        data={periods.map((period) => ({ value: period, label: times[period] }))} />
      {filtered && (
        <Button variant="subtle" leftSection={<IconFilterOff size={15} stroke={1.7} />} onClick={() => navigate({ page: 'tasks', query: new URLSearchParams() }, true)}>
          {t.tasks.clearFilters}
        </Button>
      )}
    </div>
  );
}

interface FilterProps {
  label: string;
  value: string | null;
  data: { value: string; label: string }[];
  all?: string;
  searchable?: boolean;
  disabled?: boolean;
  onChange: (value: string | null) => void;
}

function Filter({ label, value, data, all, searchable = false, disabled = false, onChange }: FilterProps) {
  const t = useTexts();
  return (
    <Select
      label={label}
      placeholder={all ?? t.common.all}
      value={value}
      data={data}
      clearable
      searchable={searchable}
      disabled={disabled}
      clearButtonProps={{ 'aria-label': `${t.tasks.clearFilters}: ${label}` }}
      onChange={onChange}
    />
  );
}
