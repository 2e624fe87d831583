import { Skeleton, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { Task } from '../api/types';
import { usePreferences } from '../app/preferences';
import { useHypervisors } from '../app/queries';
import { useTexts } from '../i18n';
import { formatBytes, formatMoment, formatNumber, secondsBetween } from '../lib/format';
import { copyText } from '../ui/clipboard';
import { notifyError } from '../ui/notify';
import { outcomeWords, toneOf } from '../lib/outcome';
import { UsageChart } from './UsageChart';
import { useNow } from './use-now';
import { useUsage } from './use-usage';
import './task-info.css';

/** What is known of a task: who and what, how it ended, its limits and what it used. */
export function TaskInfo({ pid, task, width }: { pid: string; task: Task | undefined; width: number }) {
  const t = useTexts();
  return (
    <aside className="task-info" data-testid="task-info" aria-label={t.task.label} style={{ width }} tabIndex={0}>
      {task ? <Details task={task} /> : [70, 55, 80, 60, 65].map((part) => <Skeleton key={part} height={14} width={`${part}%`} mb={12} />)}
      {!task && <span className="sr-only">{pid}</span>}
    </aside>
  );
}

function Details({ task }: { task: Task }) {
  const t = useTexts();
  const words = outcomeWords(task, t);
  const now = useNow(task.state !== 'closed');
  const language = usePreferences((state) => state.language);
  const hypervisors = useHypervisors();
  const usage = useUsage(task);
  const { timeoutSec, memoryMb } = task.limits;
  const last = usage.at(-1);
  const hypervisor = hypervisors.data?.find(({ id }) => id === task.hypervisor);

  return (
    <>
      <div className={`task-outcome tone-${toneOf(task)}`} role="status">
        <span className="state-dot" data-running={task.state !== 'closed' || undefined} aria-hidden />
        {words ?? t.task.states[task.state]}
      </div>
      <dl>
        <Value name="scriptId" value={task.scriptId} />
        <Value name="applicationId" value={task.applicationId} />
        <Value name="pid" value={task.pid} />
        {task.parentPid !== null && <Value name="parentPid" value={task.parentPid} />}
        <Value name="owner" value={task.owner} />
        <Value name="startParams" value={JSON.stringify(task.startParams, null, 1)} />
        <Value name="startedAt" value={task.startedAt ?? '—'} />
        <Value name="language" value={task.language} />
        <Value name="startPath" value={task.startPath} />
      </dl>
      <h3>{t.task.limits}</h3>
      <dl>
        <Plain name={t.task.timeLimit}>{timeoutSec < 0 ? t.task.noLimit : t.common.seconds(formatNumber(timeoutSec, 3))}</Plain>
        <Plain name={t.task.memoryLimit}>{t.common.megabytes(String(memoryMb))}</Plain>
      </dl>
      <h3>{t.task.usage}</h3>
      {task.state === 'running' && <UsageChart samples={usage} memoryLimit={memoryMb} />}
      <dl>
        {task.startedAt !== null && (
          <Plain name={t.task.duration}>
            {t.common.seconds(secondsBetween(task.startedAt, task.finishedAt, now).toFixed(task.state === 'closed' ? 3 : 0))}
          </Plain>
        )}
        <Plain name={t.task.cpuTime}>{t.common.seconds(formatNumber(last?.cpuSec ?? task.usage.cpuSec ?? 0, 3))}</Plain>
        <Plain name={t.task.peak}>{t.common.megabytes(formatNumber(last?.memoryPeakMb ?? task.usage.memoryPeakMb ?? 0, 1))}</Plain>
        {last && <Plain name={t.task.processes}>{last.processes}</Plain>}
        {task.state === 'closed' && <Plain name={t.task.output}>{formatBytes(task.usage.outputBytes ?? 0, t.common.units)}</Plain>}
        {task.finishedAt !== null && <Plain name={t.task.finishedAt}>{formatMoment(task.finishedAt, language)}</Plain>}
        {task.hypervisor !== null && <Plain name={t.task.hypervisor}>{hypervisor?.name ?? task.hypervisor}</Plain>}
      </dl>
    </>
  );
}

/** A value under its name in the API, which copies on a click. */
function Value({ name, value }: { name: string; value: string }) {
  return (
    <div className="info-row">
      <dt className="mono">{name}</dt>
      <dd className="mono info-value">
        <span className="ellipsis" title={value}>
          {value}
        </span>
        <CopyValue name={name} value={value} />
      </dd>
    </div>
  );
}

function CopyValue({ name, value }: { name: string; value: string }) {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Tooltip label={copied ? t.common.copied : t.common.copy}>
      <UnstyledButton className="info-copy" aria-label={t.task.copyValue(name)} onClick={() => copyText(value).then(() => setCopied(true), notifyError)}>
        {copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
      </UnstyledButton>
    </Tooltip>
  );
}

function Plain({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="info-row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
