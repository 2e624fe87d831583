import 'monaco-editor/esm/vs/editor/edcore.main.js';
import 'monaco-editor/esm/vs/basic-languages/css/css.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/html/html.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/javascript/javascript.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/markdown/markdown.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/python/python.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/typescript/typescript.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/yaml/yaml.contribution.js';
import 'monaco-editor/esm/vs/language/json/monaco.contribution.js';
import * as monaco from 'monaco-editor/esm/vs/editor/editor.api.js';
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';

self.MonacoEnvironment = {
  getWorker: (_id: string, label: string) => (label === 'json' ? new JsonWorker() : new EditorWorker()),
};

monaco.editor.defineTheme('am-light', {
  base: 'vs',
  inherit: true,
  rules: [
    { token: 'comment', foreground: '5c6b7a', fontStyle: 'italic' },
    { token: 'keyword', foreground: '7a2bbf' },
    { token: 'string', foreground: '1a6b3c' },
    { token: 'number', foreground: 'a4480b' },
  ],
  colors: {
    'editor.background': '#ffffff',
    'editorLineNumber.foreground': '#8790a0',
    'editorLineNumber.activeForeground': '#1f2430',
    'editor.lineHighlightBackground': '#f4f6fa',
    'editor.lineHighlightBorder': '#00000000',
    'editorGutter.background': '#ffffff',
  },
});

monaco.editor.defineTheme('am-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [
    { token: 'comment', foreground: '8a94a6', fontStyle: 'italic' },
    { token: 'keyword', foreground: 'c49bff' },
    { token: 'string', foreground: '8fd19e' },
    { token: 'number', foreground: 'f2ae72' },
  ],
  colors: {
    'editor.background': '#16181d',
    'editorLineNumber.foreground': '#667085',
    'editorLineNumber.activeForeground': '#d9dde5',
    'editor.lineHighlightBackground': '#1d2027',
    'editor.lineHighlightBorder': '#00000000',
    'editorGutter.background': '#16181d',
    'editorWidget.background': '#20242c',
    // Dark enough for every colour of the text on them.
    'editor.wordHighlightBackground': '#31374480',
    'editor.wordHighlightStrongBackground': '#31374480',
    'editor.selectionHighlightBackground': '#31374480',
  },
});

export { monaco };
