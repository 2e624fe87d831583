import { Button, Menu, Skeleton, TextInput } from '@mantine/core';
import { IconApps, IconDots, IconDownload, IconFileImport, IconFolder, IconPencil, IconPlus, IconSearch, IconSearchOff, IconShieldLock, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { archiveUrl, changeApplication, createApplication, deleteApplication } from '../api/applications';
import type { Application } from '../api/types';
import { useApplications } from '../app/queries';
import { hrefOf, navigate } from '../app/router';
import { usePreferences } from '../app/preferences';
import { useTexts } from '../i18n';
import { formatMoment } from '../lib/format';
import { checkApplicationName } from '../lib/names';
import { ConfirmDialog, NameDialog } from '../ui/Dialog';
import { EmptyState } from '../ui/EmptyState';
import { IconButton } from '../ui/IconButton';
import { saveUrl } from '../ui/save-file';
import { ImportDialog } from './ImportDialog';
import { IsolationDialog } from './IsolationDialog';

type Open = { kind: 'create' } | { kind: 'import' } | { kind: 'rename' | 'isolation' | 'delete'; application: Application } | null;

export function ApplicationsPage() {
  const t = useTexts();
  const { data, isPending } = useApplications();
  const [open, setOpen] = useState<Open>(null);
  const [filter, setFilter] = useState('');
  const shown = data?.filter(({ name }) => name.toLocaleLowerCase().includes(filter.toLocaleLowerCase()));

  return (
    <div className="list-page">
      <div className="list-page-inner">
        <div className="list-head">
          <h1>{t.applications.title}</h1>
          <span className="muted">{data && data.length > 0 ? t.applications.count(data.length) : ''}</span>
          <span className="grow" />
          {data !== undefined && data.length > 0 && (
            <TextInput
              size="xs"
              w={220}
              aria-label={t.applications.search}
              placeholder={t.applications.search}
              leftSection={<IconSearch size={14} />}
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
            />
          )}
          <Button variant="default" leftSection={<IconFileImport size={16} stroke={1.7} />} onClick={() => setOpen({ kind: 'import' })}>
            {t.applications.import}
          </Button>
          <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ kind: 'create' })}>
            {t.applications.create}
          </Button>
        </div>
        <div data-testid="applications-list" className="grow">
          {isPending && <ListSkeleton />}
          {data?.length === 0 && (
            <EmptyState icon={IconApps} title={t.applications.emptyTitle} hint={t.applications.emptyHint}>
              <Button variant="default" onClick={() => setOpen({ kind: 'import' })}>
                {t.applications.import}
              </Button>
              <Button onClick={() => setOpen({ kind: 'create' })}>{t.applications.create}</Button>
            </EmptyState>
          )}
          {data && data.length > 0 && shown?.length === 0 && <EmptyState icon={IconSearchOff} title={t.applications.nothingFound} />}
          {shown && shown.length > 0 && <ApplicationsTable applications={shown} onOpen={setOpen} />}
        </div>
      </div>
      <Dialogs open={open} applications={data ?? []} onClose={() => setOpen(null)} />
    </div>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy="true">
      {[0, 1, 2, 3].map((i) => (
        <Skeleton key={i} height={34} mb={6} radius="sm" />
      ))}
    </div>
  );
}

function ApplicationsTable({ applications, onOpen }: { applications: Application[]; onOpen: (open: Open) => void }) {
  const t = useTexts();
  const language = usePreferences((state) => state.language);
  return (
    <table className="grid">
      <colgroup>
        <col />
        <col style={{ width: '42%' }} />
        <col style={{ width: 190 }} />
        <col style={{ width: 84 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{t.common.name}</th>
          <th scope="col">{t.applications.path}</th>
          <th scope="col">{t.applications.created}</th>
          <th scope="col">
            <span className="sr-only">{t.common.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {applications.map((application) => (
          <tr key={application.id}>
            <td>
              <a href={hrefOf({ page: 'application', id: application.id, file: null })}>{application.name}</a>
            </td>
            <td className="muted mono" title={application.path}>
              {application.path}
            </td>
            <td className="muted">{formatMoment(application.createdAt, language)}</td>
            <td className="actions">
              <span className="row-actions">
                <RowMenu application={application} onOpen={onOpen} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RowMenu({ application, onOpen }: { application: Application; onOpen: (open: Open) => void }) {
  const t = useTexts();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton label={t.common.moreActions(application.name)} icon={IconDots} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFolder size={15} />} onClick={() => navigate({ page: 'application', id: application.id, file: null })}>
          {t.applications.open}
        </Menu.Item>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => onOpen({ kind: 'rename', application })}>
          {t.common.rename}
        </Menu.Item>
        <Menu.Item leftSection={<IconShieldLock size={15} />} onClick={() => onOpen({ kind: 'isolation', application })}>
          {t.applications.isolation}
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={15} />} onClick={() => saveUrl(archiveUrl(application.id), `${application.name}.tar.gz`)}>
          {t.applications.export}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => onOpen({ kind: 'delete', application })}>
          {t.common.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Dialogs({ open, applications, onClose }: { open: Open; applications: Application[]; onClose: () => void }) {
  const t = useTexts();
  const client = useQueryClient();
  const refetch = () => client.invalidateQueries({ queryKey: ['applications'] });
  if (open === null) return null;

  const check = (own: string | null) => (name: string) => {
    const problem = checkApplicationName(name, (other) => other !== own && applications.some((item) => item.name === other));
    return problem && t.common.nameProblems[problem];
  };
  switch (open.kind) {
    case 'create':
      return (
        <NameDialog
          title={t.applications.create}
          label={t.common.name}
          submit={t.common.create}
          check={check(null)}
          onClose={onClose}
          onSubmit={async (name) => {
            const { id } = await createApplication(name);
            await refetch();
            navigate({ page: 'application', id, file: null });
          }}
        />
      );
    case 'import':
      return <ImportDialog check={check(null)} onClose={onClose} onImported={refetch} />;
    case 'rename':
      return (
        <NameDialog
          title={t.applications.renameTitle(open.application.name)}
          label={t.common.name}
          submit={t.common.rename}
          initial={open.application.name}
          check={check(open.application.name)}
          onClose={onClose}
          onSubmit={async (name) => {
            await changeApplication(open.application.id, { name });
            await refetch();
          }}
        />
      );
    case 'isolation':
      return <IsolationDialog application={open.application} onClose={onClose} onChanged={refetch} />;
    case 'delete':
      return (
        <ConfirmDialog
          title={t.applications.deleteTitle(open.application.name)}
          text={t.applications.deleteText}
          confirm={t.common.delete}
          danger
          onClose={onClose}
          onConfirm={async () => {
            await deleteApplication(open.application.id);
            await refetch();
          }}
        />
      );
  }
}
