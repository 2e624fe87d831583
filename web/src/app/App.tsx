import { MantineProvider, Modal, Paper, Text, Title } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { whoAmI } from '../api/session';
import { useTexts } from '../i18n';
import { ErrorBoundary } from './ErrorBoundary';
import { Brand } from './Brand';
import { LanguageSwitch, ThemeSwitch } from './switches';
import { listenForEvents } from './events';
import { usePreferences } from './preferences';
import { makeQueryClient, useMe } from './queries';
import { sessionOpened, useSession } from './session-store';
import { Shell } from './Shell';
import { SignInForm } from './SignInForm';
import { mantineTheme } from './mantine-theme';

export function App() {
  const [client] = useState(makeQueryClient);
  const { theme, language } = usePreferences();
  const t = useTexts();
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = t.product;
  }, [language, t]);
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={theme}>
      <Notifications position="bottom-right" limit={4} />
      <ErrorBoundary>
        <QueryClientProvider client={client}>
          <Gate />
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}

/** Shows the product to who is signed in, and the sign-in form to who is not. */
function Gate() {
  const t = useTexts();
  const client = useQueryClient();
  const me = useMe();
  const session = useSession((state) => state.state);
  const signedIn = me.data !== undefined;

  useEffect(() => {
    if (signedIn) sessionOpened();
  }, [signedIn]);

  const reopen = useCallback(async () => {
    client.setQueryData(['me'], await whoAmI());
    sessionOpened();
    await client.invalidateQueries();
  }, [client]);

  // Somebody may sign in with a link in another tab; coming back here is then enough.
  useEffect(() => {
    if (session !== 'lost') return;
    const retry = () => {
      reopen().catch(() => undefined);
    };
    addEventListener('focus', retry);
    return () => removeEventListener('focus', retry);
  }, [session, reopen]);

  if (session === 'none' || (!signedIn && me.isError)) return <SignInPage onSignedIn={reopen} />;
  if (!signedIn) return null;
  return (
    <>
      {session === 'open' && <Events />}
      <Shell user={me.data} />
      {session === 'lost' && (
        <Modal opened onClose={() => undefined} title={t.signIn.title} withCloseButton={false} zIndex={400}>
          <Text size="sm" mb="xs">
            {t.signIn.again}
          </Text>
          <SignInForm onSignedIn={reopen} />
        </Modal>
      )}
    </>
  );
}

function Events() {
  const client = useQueryClient();
  useEffect(() => listenForEvents(client), [client]);
  return null;
}

function SignInPage({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  const t = useTexts();
  return (
    <main className="sign-in-page">
      <div className="sign-in-switches">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <Paper withBorder p="xl" radius="md" w={400} bg="var(--bg)">
        <Brand />
        <Title order={1} size="h4" mt="lg" mb={4}>
          {t.signIn.title}
        </Title>
        <SignInForm onSignedIn={onSignedIn} />
      </Paper>
    </main>
  );
}
