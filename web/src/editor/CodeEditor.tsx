import { useEffect, useRef } from 'react';
import { usePreferences } from '../app/preferences';
import type { OpenDocument } from './document';
import { editDocument, takeMoved, useDocuments } from './documents';
import { languageOf } from './languages';
import { monaco } from './monaco';

interface CodeEditorProps {
  document: OpenDocument;
  onPosition: (line: number, column: number) => void;
  onEditor: (editor: monaco.editor.IStandaloneCodeEditor | null) => void;
}

const uriOf = (key: string) => monaco.Uri.from({ scheme: 'app', path: `/${key}` });
const viewStates = new Map<string, monaco.editor.ICodeEditorViewState>();

function modelOf(document: OpenDocument): monaco.editor.ITextModel {
  const uri = uriOf(document.key);
  return monaco.editor.getModel(uri) ?? monaco.editor.createModel(document.text, languageOf(document.path), uri);
}

/** Models live as long as their documents, so that undo survives a change of tabs. */
useDocuments.subscribe(({ documents }, before) => {
  for (const key of Object.keys(before.documents)) {
    if (documents[key]) continue;
    monaco.editor.getModel(uriOf(key))?.dispose();
    viewStates.delete(key);
  }
});

/** The editor; one for all tabs, each with its own model. */
export function CodeEditor({ document, onPosition, onEditor }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const fromOutside = useRef(false);
  const { theme, fontSize, wordWrap } = usePreferences();
  const { key, path } = document;

  useEffect(() => {
    if (!host.current) return;
    const made = monaco.editor.create(host.current, {
      model: null,
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      smoothScrolling: false,
      padding: { top: 8, bottom: 8 },
      fontFamily: getComputedStyle(window.document.documentElement).getPropertyValue('--mono'),
      renderLineHighlight: 'all',
      renderWhitespace: 'selection',
      guides: { indentation: true },
      fixedOverflowWidgets: true,
      stickyScroll: { enabled: false },
      unicodeHighlight: { ambiguousCharacters: false },
      'semanticHighlighting.enabled': false,
    });
    editor.current = made;
    onEditor(made);
    const cursor = made.onDidChangeCursorPosition(({ position }) => onPosition(position.lineNumber, position.column));
    return () => {
      cursor.dispose();
      onEditor(null);
      made.dispose();
      editor.current = null;
    };
  }, [onEditor, onPosition]);

  useEffect(() => {
    editor.current?.updateOptions({ fontSize, wordWrap: wordWrap ? 'on' : 'off', ariaLabel: path });
    monaco.editor.setTheme(theme === 'dark' ? 'am-dark' : 'am-light');
  }, [theme, fontSize, wordWrap, path]);

  useEffect(() => {
    const current = editor.current;
    const opened = useDocuments.getState().documents[key];
    if (!current || !opened) return;
    const model = modelOf(opened);
    current.setModel(model);
    const view = viewStates.get(key);
    if (view) current.restoreViewState(view);
    // A file that was renamed comes here under its new name, while the focus belongs to the tree or a dialog.
    if (!takeMoved(key)) current.focus();
    const position = current.getPosition();
    if (position) onPosition(position.lineNumber, position.column);
    const changes = model.onDidChangeContent(() => {
      if (!fromOutside.current) editDocument(key, model.getValue());
    });
    return () => {
      changes.dispose();
      const state = current.saveViewState();
      if (state) viewStates.set(key, state);
    };
  }, [key, onPosition]);

  // What others saved, or what was chosen in a conflict, comes in as one edit that can be undone.
  useEffect(() => {
    const model = monaco.editor.getModel(uriOf(key));
    if (!model || model.getValue() === document.text) return;
    fromOutside.current = true;
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: document.text }], () => null);
    fromOutside.current = false;
    // The model has one kind of line end: what it says now is what is shown and saved.
    editDocument(key, model.getValue());
  }, [key, document.text]);

  return <div ref={host} className="code-editor" />;
}
