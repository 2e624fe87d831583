import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTexts } from '../i18n';
import { baseName } from '../lib/paths';
import { notifyError } from '../ui/notify';
import type { OpenDocument } from './document';
import { resolveConflict, showConflict } from './documents';

/** Above the editor: the file was changed or deleted elsewhere while there are changes here. */
export function Notices({ document }: { document: OpenDocument }) {
  const t = useTexts();
  const { conflict, key, path } = document;
  if (conflict === null || (conflict.kind === 'changed' && conflict.shown)) return null;
  const resolve = (choice: 'theirs' | 'mine') => {
    resolveConflict(key, choice).catch((error: unknown) => notifyError(error, baseName(path)));
  };
  return (
    <div className="notice" role="alert">
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      {conflict.kind === 'deleted' ? (
        <>
          <span className="grow">{t.editor.deletedElsewhere(baseName(path))}</span>
          <Button variant="default" size="compact-xs" onClick={() => resolve('theirs')}>
            {t.editor.closeIt}
          </Button>
          <Button size="compact-xs" onClick={() => resolve('mine')}>
            {t.editor.saveAgain}
          </Button>
        </>
      ) : (
        <>
          <span className="grow">{t.editor.changedElsewhere(baseName(path))}</span>
          <Button size="compact-xs" onClick={() => showConflict(key, true)}>
            {t.editor.showDifference}
          </Button>
        </>
      )}
    </div>
  );
}
