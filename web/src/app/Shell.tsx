import { Button, Menu, UnstyledButton } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconApps, IconCloudOff, IconHistory, IconLogout, IconServer2, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { signOut } from '../api/session';
import type { User } from '../api/types';
import { ApplicationsPage } from '../applications/ApplicationsPage';
import { ConsolePanel } from '../console/ConsolePanel';
import { useConsole } from '../console/console-store';
import { useDocuments } from '../editor/documents';
import { isDirty } from '../editor/document';
import { HypervisorsPage } from '../hypervisors/HypervisorsPage';
import { useTexts } from '../i18n';
import { TasksPage } from '../tasks/TasksPage';
import { GeneralParametersDialog } from '../run/GeneralParametersDialog';
import { notifyError } from '../ui/notify';
import { Brand } from './Brand';
import { useApplications } from './queries';
import { hrefOf, useRoute, type Route } from './router';
import { useSession } from './session-store';
import { LanguageSwitch, ThemeSwitch } from './switches';

// The editor is most of the code: whoever opens the list does not wait for it.
const Workbench = lazy(() => import('../editor/Workbench'));

export function Shell({ user }: { user: User }) {
  const route = useRoute();
  const hasTabs = useConsole((state) => state.tabs.length > 0);
  useUnsavedWarning();
  return (
    <div className="shell">
      <TopBar user={user} route={route} />
      <Offline />
      <main className="page">
        <Page route={route} />
      </main>
      {(route.page === 'application' || hasTabs) && <ConsolePanel />}
    </div>
  );
}

function Page({ route }: { route: Route }): ReactNode {
  switch (route.page) {
    case 'applications':
      return <ApplicationsPage />;
    case 'application':
      return (
        <Suspense fallback={null}>
          <Workbench key={route.id} applicationId={route.id} file={route.file} />
        </Suspense>
      );
    case 'tasks':
      return <TasksPage query={route.query} />;
    case 'hypervisors':
      return <HypervisorsPage />;
  }
}

function TopBar({ user, route }: { user: User; route: Route }) {
  const t = useTexts();
  const [parameters, setParameters] = useState(false);
  const applications = useApplications();
  const [lastOpen, setLastOpen] = useState<Route | null>(null);
  if (route.page === 'application' && route !== lastOpen) setLastOpen(route);
  const open = lastOpen?.page === 'application' ? applications.data?.find(({ id }) => id === lastOpen.id) : undefined;

  return (
    <header className="top-bar">
      <Brand />
      <nav className="top-nav" aria-label={t.nav.label}>
        <NavLink to={{ page: 'applications' }} active={route.page === 'applications'} icon={IconApps} label={t.nav.applications} />
        {open && lastOpen && (
          <a className="nav-link nav-open" href={hrefOf(lastOpen)} aria-current={route.page === 'application' ? 'page' : undefined}>
            <span className="ellipsis">{open.name}</span>
          </a>
        )}
        <NavLink to={{ page: 'tasks', query: new URLSearchParams() }} active={route.page === 'tasks'} icon={IconHistory} label={t.nav.tasks} />
        <NavLink to={{ page: 'hypervisors' }} active={route.page === 'hypervisors'} icon={IconServer2} label={t.nav.hypervisors} />
      </nav>
      <span className="grow" />
      <Button
        variant="subtle"
        color="gray"
        className="plain-button"
        leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.7} />}
        data-testid="general-parameters-button"
        onClick={() => setParameters(true)}
      >
        {t.nav.generalParameters}
      </Button>
      <LanguageSwitch />
      <ThemeSwitch />
      <Account user={user} />
      {parameters && <GeneralParametersDialog onClose={() => setParameters(false)} />}
    </header>
  );
}

function NavLink({ to, active, icon: Glyph, label }: { to: Route; active: boolean; icon: ComponentType<{ size: number; stroke: number }>; label: string }) {
  return (
    <a className="nav-link" href={hrefOf(to)} aria-current={active ? 'page' : undefined}>
      <Glyph size={16} stroke={1.7} />
      <span>{label}</span>
    </a>
  );
}

function Account({ user }: { user: User }) {
  const t = useTexts();
  const client = useQueryClient();
  const leave = async () => {
    try {
      await signOut();
      client.clear();
      useSession.setState({ state: 'none' });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton className="account" aria-label={t.nav.account(user.name)}>
          <IconUser size={16} stroke={1.7} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.nav.account(user.name)}</Menu.Label>
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void leave()}>
          {t.nav.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Offline() {
  const t = useTexts();
  const { failureCount, isError } = useApplications();
  if (failureCount < 2 && !isError) return null;
  return (
    <div className="offline" role="status">
      <IconCloudOff size={15} stroke={1.7} />
      {t.nav.noConnection}
    </div>
  );
}

/** Leaving the page asks first while something is not saved. */
function useUnsavedWarning(): void {
  const dirty = useDocuments((state) => Object.values(state.documents).some(isDirty));
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [dirty]);
}
