import { useQueryClient } from '@tanstack/react-query';
import { IconFolderOff } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Button } from '@mantine/core';
import { isApiError } from '../api/errors';
import { usePreferences } from '../app/preferences';
import { useFiles } from '../app/queries';
import { navigate, parseRoute } from '../app/router';
import { FilesPanel } from '../files/FilesPanel';
import { useTexts } from '../i18n';
import { EmptyState } from '../ui/EmptyState';
import { IconButton } from '../ui/IconButton';
import { isWithin, movedPath } from '../lib/paths';
import { Splitter } from '../ui/Splitter';
import { IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { checkDocuments, openDocument } from './documents';
import { EditorPane } from './EditorPane';
import './editor.css';
import { notifyError } from '../ui/notify';

const width = { least: 200, most: 560 };

/** The files of an application beside its editor. */
export default function Workbench({ applicationId, file }: { applicationId: string; file: string | null }) {
  const t = useTexts();
  const client = useQueryClient();
  const files = useFiles(applicationId);
  const { filesWidth, filesOpen, set } = usePreferences();
  const [selected, setSelected] = useState<string | null>(file);
  const entries = useMemo(() => files.data ?? [], [files.data]);

  const open = useCallback(
    (path: string | null) => {
      navigate({ page: 'application', id: applicationId, file: path });
      if (path !== null) setSelected(path);
    },
    [applicationId],
  );

  // What is open stays open, under its new path.
  const followMove = useCallback(
    (from: string, to: string) => {
      const route = parseRoute(location.hash);
      if (route.page !== 'application' || route.file === null || !isWithin(route.file, from)) return;
      navigate({ page: 'application', id: applicationId, file: movedPath(route.file, from, to) }, true);
    },
    [applicationId],
  );

  useEffect(() => {
    if (file !== null) void openDocument(applicationId, file);
  }, [applicationId, file]);

  useEffect(() => {
    if (files.data) checkDocuments(applicationId, files.data).catch((error: unknown) => notifyError(error));
  }, [applicationId, files.data]);

  if (isApiError(files.error, 'not_found')) {
    return (
      <EmptyState icon={IconFolderOff} title={t.applications.gone}>
        <Button onClick={() => navigate({ page: 'applications' })}>{t.applications.backToList}</Button>
      </EmptyState>
    );
  }
  return (
    <div className="workbench">
      {filesOpen ? (
        <>
          <div className="files-side" style={{ width: filesWidth }}>
            <FilesPanel
              applicationId={applicationId}
              entries={entries}
              loading={files.isPending}
              selected={selected}
              onSelect={setSelected}
              onOpen={open}
              onMoved={followMove}
              onRefresh={() => client.invalidateQueries({ queryKey: ['files', applicationId] })}
            />
          </div>
          <Splitter
            label={t.common.resize(t.files.title)}
            orientation="vertical"
            value={filesWidth}
            {...width}
            direction={1}
            onChange={(value) => set({ filesWidth: value })}
          />
        </>
      ) : (
        <div className="files-closed">
          <IconButton label={t.files.expandPanel} icon={IconLayoutSidebarLeftExpand} onClick={() => set({ filesOpen: true })} />
        </div>
      )}
      <EditorPane applicationId={applicationId} entries={entries} active={file} onOpen={open} />
    </div>
  );
}
