import { Button, Group, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ApiError } from '../api/errors';
import { useTexts } from '../i18n';
import { baseName } from '../lib/paths';
import { Dialog } from '../ui/Dialog';
import { notify, notifyError } from '../ui/notify';
import { uploadAll, type Upload } from './upload';

interface Uploads {
  start: (folder: string, uploads: Upload[]) => Promise<void>;
  /** What is being uploaded now. */
  progress: string | null;
  dialog: ReactNode;
}

/** Uploads files and asks before one replaces another. */
export function useUploads(applicationId: string, refetch: () => Promise<void>): Uploads {
  const t = useTexts();
  const [progress, setProgress] = useState<string | null>(null);
  const [question, setQuestion] = useState<{ path: string; answer: (overwrite: boolean) => void } | null>(null);

  const ask = (path: string) =>
    new Promise<boolean>((resolve) => {
      setQuestion({
        path,
        answer: (overwrite) => {
          setQuestion(null);
          resolve(overwrite);
        },
      });
    });

  const start = async (folder: string, uploads: Upload[]) => {
    if (uploads.length === 0) return;
    let current = '';
    try {
      const written = await uploadAll(applicationId, folder, uploads, ask, (path) => {
        current = path;
        setProgress(baseName(path));
      });
      if (written.length > 0) notify(t.files.uploaded(written.length));
    } catch (error) {
      notifyError(error, error instanceof ApiError && error.code === 'too_large' && current === '' ? baseName(error.message) : baseName(current));
    } finally {
      setProgress(null);
      await refetch();
    }
  };

  const dialog = question && (
    <Dialog title={t.files.overwriteTitle(baseName(question.path))} onClose={() => question.answer(false)}>
      <Text size="sm">{t.files.overwriteText}</Text>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={() => question.answer(false)}>
          {t.files.skip}
        </Button>
        <Button data-autofocus onClick={() => question.answer(true)}>
          {t.files.overwrite}
        </Button>
      </Group>
    </Dialog>
  );
  return { start, progress, dialog };
}
