import { Button } from '@mantine/core';
import { IconGitCompare } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { usePreferences } from '../app/preferences';
import { useTexts } from '../i18n';
import { baseName } from '../lib/paths';
import { notifyError } from '../ui/notify';
import type { OpenDocument } from './document';
import { resolveConflict } from './documents';
import { languageOf } from './languages';
import { monaco } from './monaco';

/** The file on the server beside what was typed here; nothing is overwritten before somebody decides. */
export function ConflictView({ document, theirs }: { document: OpenDocument; theirs: string }) {
  const t = useTexts();
  const host = useRef<HTMLDivElement>(null);
  const { theme, fontSize } = usePreferences();
  const { key, path, text } = document;

  useEffect(() => {
    if (!host.current) return;
    const language = languageOf(path);
    const model = {
      original: monaco.editor.createModel(theirs, language),
      modified: monaco.editor.createModel(text, language),
    };
    const editor = monaco.editor.createDiffEditor(host.current, {
      readOnly: true,
      automaticLayout: true,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: false,
      minimap: { enabled: false },
      renderOverviewRuler: false,
      scrollBeyondLastLine: false,
      originalAriaLabel: t.editor.theirs,
      modifiedAriaLabel: t.editor.yours,
      fontSize,
    });
    editor.setModel(model);
    monaco.editor.setTheme(theme === 'dark' ? 'am-dark' : 'am-light');
    return () => {
      editor.dispose();
      model.original.dispose();
      model.modified.dispose();
    };
  }, [path, text, theirs, theme, fontSize, t]);

  const choose = (choice: 'theirs' | 'mine' | 'edit') => {
    resolveConflict(key, choice).catch((error: unknown) => notifyError(error, path));
  };

  return (
    <section className="conflict" aria-label={t.editor.conflictTitle(baseName(path))}>
      <div className="conflict-head" role="alert">
        <IconGitCompare size={20} stroke={1.6} aria-hidden />
        <div className="grow">
          <strong>{t.editor.conflictTitle(baseName(path))}</strong>
          <div>{t.editor.conflictText}</div>
        </div>
        <Button variant="default" onClick={() => choose('theirs')}>
          {t.editor.takeTheirs}
        </Button>
        <Button variant="default" onClick={() => choose('edit')}>
          {t.editor.mergeMine}
        </Button>
        <Button onClick={() => choose('mine')}>{t.editor.keepMine}</Button>
      </div>
      <div className="conflict-names" aria-hidden>
        <span>{t.editor.theirs}</span>
        <span>{t.editor.yours}</span>
      </div>
      <div ref={host} className="code-editor" />
    </section>
  );
}
