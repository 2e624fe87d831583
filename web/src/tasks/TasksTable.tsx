import { IconCornerDownRight, IconPlayerPlay, IconPlayerStop, IconTerminal2 } from '@tabler/icons-react';
import { stopTask } from '../api/tasks';
import type { Task } from '../api/types';
import { usePreferences } from '../app/preferences';
import { hrefOf } from '../app/router';
import { openConsoleTab } from '../console/console-store';
import { useNow } from '../console/use-now';
import { useTexts } from '../i18n';
import { formatMoment, formatSeconds, secondsBetween } from '../lib/format';
import { outcomeWords, toneOf } from '../lib/outcome';
import { baseName } from '../lib/paths';
import { runAgain } from '../run/run-script';
import { IconButton } from '../ui/IconButton';
import { notifyError } from '../ui/notify';

export function TasksTable({ tasks, names }: { tasks: Task[]; names: Map<string, string> }) {
  const t = useTexts();
  const now = useNow(tasks.some(({ state }) => state !== 'closed'));
  return (
    <table className="grid">
      <colgroup>
        <col />
        <col style={{ width: '15%' }} />
        <col style={{ width: 200 }} />
        <col style={{ width: 106 }} />
        <col style={{ width: '24%' }} />
        <col style={{ width: '9%' }} />
        <col style={{ width: 108 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{t.tasks.script}</th>
          <th scope="col">{t.tasks.application}</th>
          <th scope="col">{t.tasks.started}</th>
          <th scope="col">{t.tasks.duration}</th>
          <th scope="col">{t.tasks.outcome}</th>
          <th scope="col">{t.tasks.owner}</th>
          <th scope="col">
            <span className="sr-only">{t.common.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <TaskRow key={task.pid} task={task} application={names.get(task.applicationId)} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function TaskRow({ task, application, now }: { task: Task; application: string | undefined; now: number }) {
  const t = useTexts();
  const language = usePreferences((state) => state.language);
  const words = outcomeWords(task, t) ?? t.task.states[task.state];
  const name = baseName(task.startPath);
  const open = () => openConsoleTab(task.pid, name);
  const attempt = (work: Promise<unknown>) => {
    work.catch((error: unknown) => notifyError(error));
  };
  return (
    <tr data-pid={task.pid}>
      <td title={task.startPath}>
        <button type="button" className="link-button" onClick={open}>
          {task.parentPid !== null && <IconCornerDownRight size={14} stroke={1.7} aria-label={t.tasks.child} />}
          <span className="ellipsis">{name}</span>
        </button>
      </td>
      <td>
        {application === undefined ? (
          <span className="muted">{t.tasks.deletedApplication}</span>
        ) : (
          <a href={hrefOf({ page: 'application', id: task.applicationId, file: task.startPath })}>{application}</a>
        )}
      </td>
      <td className="muted">{formatMoment(task.startedAt ?? task.createdAt, language)}</td>
      <td className="muted">{task.startedAt === null ? '—' : t.common.seconds(formatSeconds(secondsBetween(task.startedAt, task.finishedAt, now)))}</td>
      <td className={`tone-${toneOf(task)}`} title={words}>
        {words}
      </td>
      <td className="muted">{task.owner}</td>
      <td className="actions">
        <span className="row-actions">
          {task.state !== 'closed' && <IconButton label={t.console.stop} icon={IconPlayerStop} onClick={() => attempt(stopTask(task.pid))} />}
          <IconButton label={t.console.runAgain} icon={IconPlayerPlay} onClick={() => attempt(runAgain(task))} />
          <IconButton label={t.tasks.openOutput} icon={IconTerminal2} onClick={open} />
        </span>
      </td>
    </tr>
  );
}
