import { Button, FileInput, Group, TextInput } from '@mantine/core';
import { IconFileZip } from '@tabler/icons-react';
import { useState } from 'react';
import { importApplication } from '../api/applications';
import { fileLimit } from '../api/files';
import { describeError } from '../app/describe-error';
import { navigate } from '../app/router';
import { useTexts } from '../i18n';
import { formatBytes } from '../lib/format';
import { Dialog } from '../ui/Dialog';

interface ImportDialogProps {
  check: (name: string) => string | null;
  onClose: () => void;
  onImported: () => Promise<void>;
}

const stem = (fileName: string) => fileName.replace(/\.(tar\.gz|tgz|tar|zip)$/i, '');

/** Makes an application of an archive from this computer. */
export function ImportDialog({ check, onClose, onImported }: ImportDialogProps) {
  const t = useTexts();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const tooLarge = file !== null && file.size > fileLimit;
  const fileProblem = tooLarge
    ? t.errors.tooLarge(file.name, formatBytes(fileLimit, t.common.units))
    : tried && file === null
      ? t.applications.chooseFileFirst
      : null;
  const problem = check(name);

  const send = async () => {
    setTried(true);
    if (file === null || tooLarge || problem !== null || busy) return;
    setBusy(true);
    try {
      const { id } = await importApplication(name, file);
      await onImported();
      onClose();
      navigate({ page: 'application', id, file: null });
    } catch (error) {
      setFailure(describeError(error, t, file.name));
      setBusy(false);
    }
  };

  return (
    <Dialog title={t.applications.importTitle} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <FileInput
          label={t.applications.importFile}
          description={t.applications.importHint}
          placeholder={t.applications.chooseFile}
          accept=".tar.gz,.tgz,.tar,.zip,application/gzip,application/x-tar,application/zip"
          leftSection={<IconFileZip size={16} stroke={1.6} />}
          value={file}
          error={fileProblem}
          onChange={(chosen) => {
            setFile(chosen);
            setFailure(null);
            if (chosen && name === '') setName(stem(chosen.name));
          }}
        />
        <TextInput
          mt="md"
          label={t.common.name}
          value={name}
          error={failure ?? (tried || name !== '' ? problem : null)}
          autoComplete="off"
          onChange={(event) => {
            setName(event.currentTarget.value);
            setFailure(null);
          }}
        />
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {t.applications.import}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
