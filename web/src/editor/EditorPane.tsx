import { Button, Skeleton } from '@mantine/core';
import { IconCode, IconFileOff, IconFileUnknown, IconPlugConnectedX } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { fileUrl } from '../api/files';
import type { FileEntry } from '../api/types';
import { describeError } from '../app/describe-error';
import { useTexts } from '../i18n';
import { baseName } from '../lib/paths';
import { RunParametersDialog } from '../run/RunParametersDialog';
import { runScript } from '../run/run-script';
import { ConfirmDialog } from '../ui/Dialog';
import { EmptyState } from '../ui/EmptyState';
import { notifyError } from '../ui/notify';
import { saveUrl } from '../ui/save-file';
import { documentKey, isDirty, type OpenDocument } from './document';
import { closeDocument, openDocument, saveDocument, useDocuments } from './documents';
import { EditorTabs } from './EditorTabs';
import { EditorToolbar } from './EditorToolbar';
import { languageOf } from './languages';
import { QuickOpen } from './QuickOpen';
import { whyNotRunnable } from './runnable';
import { useShortcuts } from './use-shortcuts';
import { Notices } from './Notices';

const CodeEditor = lazy(() => import('./CodeEditor').then((module) => ({ default: module.CodeEditor })));
const ConflictView = lazy(() => import('./ConflictView').then((module) => ({ default: module.ConflictView })));

interface EditorPaneProps {
  applicationId: string;
  entries: FileEntry[];
  active: string | null;
  onOpen: (path: string | null) => void;
}

type Dialog = { kind: 'quickOpen' } | { kind: 'parameters'; path: string } | { kind: 'close'; document: OpenDocument } | null;

export function EditorPane({ applicationId, entries, active, onOpen }: EditorPaneProps) {
  const t = useTexts();
  const tabs = useDocuments((state) => state.tabs[applicationId]);
  const documents = useDocuments((state) => state.documents);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [position, setPosition] = useState<[number, number]>([1, 1]);
  const [starting, setStarting] = useState(false);
  const editor = useRef<{ trigger: (source: string, id: string, payload: unknown) => void; focus: () => void } | null>(null);

  const open = useMemo(() => (tabs ?? []).flatMap((key) => documents[key] ?? []), [tabs, documents]);
  const executable = useMemo(() => new Set(entries.flatMap(({ path, scriptId }) => (scriptId ? [path] : []))), [entries]);
  const current = active === null ? undefined : documents[documentKey(applicationId, active)];
  const path = current?.path ?? null;
  const entry = entries.find((item) => item.path === path);
  const notRunnable = whyNotRunnable(path, entry, t);
  const dirty = current !== undefined && isDirty(current);

  const save = useCallback((document: OpenDocument) => saveDocument(document.key).catch((error: unknown) => {
    notifyError(error, baseName(document.path));
    return false;
  }), []);

  const run = async () => {
    if (path === null || notRunnable !== null || starting) return;
    setStarting(true);
    try {
      await runScript(applicationId, path, '{}');
    } catch (error) {
      notifyError(error);
    } finally {
      setStarting(false);
    }
  };

  const closeNow = (document: OpenDocument) => {
    const index = open.findIndex(({ key }) => key === document.key);
    closeDocument(document.key);
    if (document.path === active) onOpen((open[index + 1] ?? open[index - 1])?.path ?? null);
  };
  const close = (document: OpenDocument) => {
    if (isDirty(document)) setDialog({ kind: 'close', document });
    else closeNow(document);
  };
  const find = () => {
    editor.current?.focus();
    editor.current?.trigger('toolbar', 'actions.find', null);
  };

  useShortcuts({
    'ctrl+s': () => current && void save(current),
    'ctrl+enter': () => void run(),
    'ctrl+shift+enter': () => path !== null && notRunnable === null && setDialog({ kind: 'parameters', path }),
    'ctrl+p': () => setDialog({ kind: 'quickOpen' }),
  });
  const onEditor = useCallback((made: typeof editor.current) => {
    editor.current = made;
  }, []);
  const onPosition = useCallback((line: number, column: number) => setPosition([line, column]), []);

  return (
    <section className="editor-pane" data-testid="editor" aria-label={t.editor.label}>
      <div className="editor-head">
        <EditorTabs documents={open} active={active} executable={executable} onSelect={onOpen} onClose={close} />
        <EditorToolbar
          dirty={dirty}
          saving={current?.saving ?? false}
          hasFile={current?.state === 'ready'}
          notRunnable={notRunnable}
          starting={starting}
          onSave={() => current && void save(current)}
          onFind={find}
          onQuickOpen={() => setDialog({ kind: 'quickOpen' })}
          onRun={() => void run()}
          onRunWithParameters={() => path !== null && setDialog({ kind: 'parameters', path })}
        />
      </div>
      {current && <Notices document={current} />}
      <div className="editor-body">
        <Body document={current} applicationId={applicationId} onEditor={onEditor} onPosition={onPosition} onClose={closeNow} />
      </div>
      {current?.state === 'ready' && (
        <div className="editor-status">
          <span className="ellipsis">{current.path}</span>
          <span className="grow" />
          {current.saving && <span>{t.editor.saving}</span>}
          <span>{t.editor.position(...position)}</span>
          <span>UTF-8</span>
          <span>{t.editor.languages[languageOf(current.path)]}</span>
        </div>
      )}
      {dialog?.kind === 'quickOpen' && <QuickOpen applicationId={applicationId} onOpen={onOpen} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'parameters' && <RunParametersDialog applicationId={applicationId} path={dialog.path} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'close' && (
        <ConfirmDialog
          title={t.editor.closeTitle(baseName(dialog.document.path))}
          text={t.editor.closeText}
          confirm={t.common.save}
          onClose={() => setDialog(null)}
          onConfirm={async () => {
            if (await saveDocument(dialog.document.key)) closeNow(dialog.document);
          }}
          other={{
            label: t.editor.dontSave,
            onClick: () => {
              setDialog(null);
              closeNow(dialog.document);
            },
          }}
        />
      )}
    </section>
  );
}

interface BodyProps {
  document: OpenDocument | undefined;
  applicationId: string;
  onEditor: (editor: { trigger: (source: string, id: string, payload: unknown) => void; focus: () => void } | null) => void;
  onPosition: (line: number, column: number) => void;
  onClose: (document: OpenDocument) => void;
}

function Body({ document, applicationId, onEditor, onPosition, onClose }: BodyProps) {
  const t = useTexts();
  if (!document) {
    return (
      <EmptyState
        icon={IconCode}
        title={t.editor.emptyTitle}
        hint={
          <>
            {t.editor.emptyHint} <kbd>Ctrl+P</kbd>
          </>
        }
      />
    );
  }
  const closeButton = (
    <Button variant="default" onClick={() => onClose(document)}>
      {t.editor.closeIt}
    </Button>
  );
  switch (document.state) {
    case 'loading':
      return <EditorSkeleton />;
    case 'notText':
      return (
        <EmptyState icon={IconFileUnknown} title={baseName(document.path)} hint={t.editor.notText}>
          {closeButton}
          <Button onClick={() => saveUrl(fileUrl(applicationId, document.path, false), baseName(document.path))}>{t.files.download}</Button>
        </EmptyState>
      );
    case 'gone':
      return (
        <EmptyState icon={IconFileOff} title={baseName(document.path)} hint={t.editor.gone}>
          {closeButton}
        </EmptyState>
      );
    case 'failed':
      return (
        <EmptyState icon={IconPlugConnectedX} title={t.common.failed} hint={describeError(document.failure, t)}>
          {closeButton}
          <Button onClick={() => void openDocument(applicationId, document.path)}>{t.common.retry}</Button>
        </EmptyState>
      );
    case 'ready': {
      const { conflict } = document;
      return (
        <Suspense fallback={<EditorSkeleton />}>
          {conflict?.kind === 'changed' && conflict.shown ? (
            <ConflictView document={document} theirs={conflict.theirs} />
          ) : (
            <CodeEditor document={document} onEditor={onEditor} onPosition={onPosition} />
          )}
        </Suspense>
      );
    }
  }
}

function EditorSkeleton() {
  return (
    <div className="editor-skeleton" aria-busy="true">
      {[38, 52, 24, 61, 45, 30].map((width) => (
        <Skeleton key={width} height={12} width={`${width}%`} radius="sm" />
      ))}
    </div>
  );
}
