import { Button, Group, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { describeError } from '../app/describe-error';
import { useTexts } from '../i18n';
import { formatJson, scanJsonObject } from '../lib/json';
import { Dialog } from '../ui/Dialog';
import { checkJsonField, JsonField } from './JsonField';

interface JsonDialogProps {
  title: string;
  text: string;
  label: string;
  hint: string;
  initial: string;
  submit: string;
  onSubmit: (json: string) => Promise<void>;
  onClose: () => void;
  /** Called with every text, so that nothing typed is lost with the dialog. */
  onDraft?: (text: string) => void;
}

/** Asks for a JSON object. What the server refuses is shown, and what was typed stays. */
export function JsonDialog({ title, text, label, hint, initial, submit, onSubmit, onClose, onDraft }: JsonDialogProps) {
  const t = useTexts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [value, setValue] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const valid = scanJsonObject(value).ok;

  const change = (next: string) => {
    setValue(next);
    setFailure(null);
    onDraft?.(next);
  };
  const send = async () => {
    if (busy || !checkJsonField(value, field.current)) return;
    setBusy(true);
    try {
      await onSubmit(value);
      onClose();
    } catch (error) {
      setFailure(describeError(error, t));
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} onClose={onClose} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Text size="sm" c="var(--muted)" mb="sm">
          {text}
        </Text>
        <JsonField label={label} hint={hint} value={value} failure={failure} onChange={change} onSubmit={() => void send()} field={field} />
        <Group mt="lg" gap="xs">
          <Button variant="default" disabled={!valid} onClick={() => change(formatJson(value))}>
            {t.run.format}
          </Button>
          <Button variant="default" onClick={() => change('{}')}>
            {t.run.reset}
          </Button>
          <span className="grow" />
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
