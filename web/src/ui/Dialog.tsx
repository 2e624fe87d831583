import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { describeError } from '../app/describe-error';
import { useTexts } from '../i18n';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  size?: string;
}

export function Dialog({ title, onClose, children, size = 'md' }: DialogProps) {
  const t = useTexts();
  useFocusReturn();
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t.common.close }}>
      {children}
    </Modal>
  );
}

/** Gives the focus back at the end, unless something else has it by then. */
function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
      }, 0);
    },
    [before],
  );
}

interface NameDialogProps {
  title: string;
  label: string;
  hint?: string | undefined;
  initial?: string;
  submit: string;
  /** What is wrong with the name, or null. */
  check: (name: string) => string | null;
  onSubmit: (name: string) => Promise<void>;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks for a name, checks it while it is typed and shows what the server says. */
export function NameDialog({ title, label, hint, initial = '', submit, check, onSubmit, onClose, children }: NameDialogProps) {
  const t = useTexts();
  const [name, setName] = useState(initial);
  const [touched, setTouched] = useState(false);
  // Only at first: whoever comes back to the field goes on where the cursor is put.
  const fresh = useRef(true);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const problem = check(name);
  const error = failure ?? (touched ? problem : null);

  const send = async () => {
    setTouched(true);
    if (problem !== null || busy) return;
    setBusy(true);
    try {
      await onSubmit(name);
      onClose();
    } catch (thrown) {
      setFailure(describeError(thrown, t));
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextInput
          label={label}
          description={hint}
          value={name}
          error={error}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          onFocus={(event) => {
            if (!fresh.current) return;
            fresh.current = false;
            const dot = event.currentTarget.value.lastIndexOf('.');
            event.currentTarget.setSelectionRange(0, dot > 0 ? dot : event.currentTarget.value.length);
          }}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setTouched(event.currentTarget.value !== '');
            setFailure(null);
          }}
        />
        {children}
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {submit}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

interface ConfirmDialogProps {
  title: string;
  text: string;
  confirm: string;
  danger?: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  /** A second way out, such as not saving. */
  other?: { label: string; onClick: () => void };
}

export function ConfirmDialog({ title, text, confirm, danger = false, onConfirm, onClose, other }: ConfirmDialogProps) {
  const t = useTexts();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const send = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setFailure(describeError(thrown, t));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Text size="sm">{text}</Text>
      {failure !== null && (
        <Text size="sm" c="var(--bad)" mt="xs" role="alert">
          {failure}
        </Text>
      )}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t.common.cancel}
        </Button>
        {other && (
          <Button variant="default" onClick={other.onClick}>
            {other.label}
          </Button>
        )}
        <Button {...(danger ? { color: "red" } : {})} loading={busy} data-autofocus onClick={() => void send()}>
          {confirm}
        </Button>
      </Group>
    </Dialog>
  );
}
