import { Badge, Skeleton } from '@mantine/core';
import { IconServerOff } from '@tabler/icons-react';
import type { Hypervisor } from '../api/types';
import { usePreferences } from '../app/preferences';
import { useHypervisors } from '../app/queries';
import { useTexts } from '../i18n';
import { formatMoment } from '../lib/format';
import { EmptyState } from '../ui/EmptyState';

/** Who runs the tasks: connected hypervisors with their load. */
export function HypervisorsPage() {
  const t = useTexts();
  const { data, isPending } = useHypervisors();
  return (
    <div className="list-page" data-testid="hypervisors-page">
      <div className="list-page-inner">
        <div className="list-head">
          <h1>{t.hypervisors.title}</h1>
          <span className="muted">{t.hypervisors.hint}</span>
        </div>
        {isPending && [0, 1].map((i) => <Skeleton key={i} height={34} mb={6} radius="sm" />)}
        {data?.length === 0 && (
          <EmptyState
            icon={IconServerOff}
            title={t.hypervisors.emptyTitle}
            hint={
              <>
                {t.hypervisors.emptyHint} <kbd>am hypervisor</kbd>
              </>
            }
          />
        )}
        {data && data.length > 0 && <HypervisorsTable hypervisors={data} />}
      </div>
    </div>
  );
}

function HypervisorsTable({ hypervisors }: { hypervisors: Hypervisor[] }) {
  const t = useTexts();
  const language = usePreferences((state) => state.language);
  return (
    <table className="grid">
      <colgroup>
        <col style={{ width: '22%' }} />
        <col style={{ width: 130 }} />
        <col />
        <col style={{ width: 110 }} />
        <col style={{ width: '18%' }} />
        <col style={{ width: 190 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{t.common.name}</th>
          <th scope="col">{t.task.state}</th>
          <th scope="col">{t.hypervisors.load}</th>
          <th scope="col">{t.hypervisors.version}</th>
          <th scope="col">{t.hypervisors.environments}</th>
          <th scope="col">{t.hypervisors.connectedSince}</th>
        </tr>
      </thead>
      <tbody>
        {hypervisors.map(({ id, name, version, capacity, running, venvs, connectedAt }) => (
          <tr key={id}>
            <td title={id}>
              <strong>{name}</strong>
            </td>
            <td>
              <span className="state tone-good">
                <span className="state-dot" aria-hidden /> {t.hypervisors.connected}
              </span>
            </td>
            <td>
              <span className="load">
                <span className="load-bar" aria-hidden>
                  <div style={{ width: `${(100 * running) / Math.max(1, capacity)}%` }} />
                </span>
                {t.hypervisors.running(running, capacity)}
              </span>
            </td>
            <td className="muted">{version}</td>
            <td>
              {venvs.map((venv) => (
                <Badge key={venv} variant="default" size="sm" mr={4} tt="none">
                  {venv}
                </Badge>
              ))}
            </td>
            <td className="muted">{formatMoment(connectedAt, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
