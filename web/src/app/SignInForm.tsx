import { Button, Group, PasswordInput, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { isApiError, messageOf } from '../api/errors';
import { signIn } from '../api/session';
import { useTexts } from '../i18n';

/** Asks for a token and opens a session with it. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  const t = useTexts();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const send = async () => {
    if (token.trim() === '') {
      setError(t.signIn.empty);
      return;
    }
    setBusy(true);
    try {
      await signIn(token.trim());
      await onSignedIn();
    } catch (thrown) {
      if (isApiError(thrown, 'unauthenticated')) setError(t.signIn.wrong);
      else setError(isApiError(thrown, 'network') ? t.signIn.unreachable : messageOf(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      noValidate
      data-testid="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Text size="sm" c="var(--muted)" mb="md">
        {t.signIn.hint}
      </Text>
      <PasswordInput
        label={t.signIn.token}
        value={token}
        error={error}
        autoComplete="current-password"
        leftSection={<IconKey size={16} stroke={1.6} />}
        data-autofocus
        autoFocus
        onChange={(event) => {
          setToken(event.currentTarget.value);
          setError(null);
        }}
      />
      <Group justify="flex-end" mt="lg">
        <Button type="submit" loading={busy}>
          {t.signIn.submit}
        </Button>
      </Group>
    </form>
  );
}
