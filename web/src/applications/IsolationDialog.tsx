import { Button, Group, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { changeApplication } from '../api/applications';
import { taskIsolations, type Application, type TaskIsolation } from '../api/types';
import { describeError } from '../app/describe-error';
import { useTexts } from '../i18n';
import { Dialog } from '../ui/Dialog';

interface IsolationDialogProps {
  application: Application;
  onClose: () => void;
  onChanged: () => Promise<void>;
}

/** How far the application's tasks are kept apart from others. */
export function IsolationDialog({ application, onClose, onChanged }: IsolationDialogProps) {
  const t = useTexts();
  const [chosen, setChosen] = useState(application.isolation);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const send = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await changeApplication(application.id, { isolation: chosen });
      await onChanged();
      onClose();
    } catch (error) {
      setFailure(describeError(error, t));
      setBusy(false);
    }
  };

  return (
    <Dialog title={t.applications.isolationTitle(application.name)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Radio.Group
          label={t.applications.isolationHint}
          value={chosen}
          error={failure}
          onChange={(value) => {
            setChosen(value as TaskIsolation);
            setFailure(null);
          }}
        >
          <Stack gap="sm" my="sm">
            {taskIsolations.map((isolation) => (
              <Radio
                key={isolation}
                value={isolation}
                label={t.applications.isolations[isolation].label}
                description={t.applications.isolations[isolation].hint}
                data-autofocus={isolation === chosen || undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {t.common.save}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
