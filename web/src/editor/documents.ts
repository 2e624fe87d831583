import { create } from 'zustand';
import { isApiError } from '../api/errors';
import { readFile, writeFile, type Expected, type FileContent } from '../api/files';
import type { FileEntry } from '../api/types';
import { isWithin, movedPath } from '../lib/paths';
import { documentKey, isDirty, newDocument, type OpenDocument } from './document';

/** The part of the API that documents need; tests give another one. */
export interface FileStore {
  read: (applicationId: string, path: string) => Promise<FileContent>;
  write: (applicationId: string, path: string, text: string, expected: Expected) => Promise<string>;
}

interface DocumentsState {
  documents: Record<string, OpenDocument>;
  /** Keys of the open tabs of each application, in order. */
  tabs: Record<string, string[]>;
}

export const useDocuments = create<DocumentsState>()(() => ({ documents: {}, tabs: {} }));

let files: FileStore = { read: readFile, write: writeFile };

export function setFileStore(store: FileStore): void {
  files = store;
}

const get = (key: string): OpenDocument | undefined => useDocuments.getState().documents[key];

function change(key: string, part: Partial<OpenDocument>): void {
  useDocuments.setState(({ documents }) => {
    const document = documents[key];
    return document ? { documents: { ...documents, [key]: { ...document, ...part } } } : {};
  });
}

/** Opens a tab for the file, unless there is one, and reads it. */
export async function openDocument(applicationId: string, path: string): Promise<void> {
  const key = documentKey(applicationId, path);
  const known = get(key);
  if (!known) {
    useDocuments.setState(({ documents, tabs }) => ({
      documents: { ...documents, [key]: newDocument(applicationId, path) },
      tabs: { ...tabs, [applicationId]: [...(tabs[applicationId] ?? []), key] },
    }));
  } else if (known.state === 'ready' || known.state === 'loading') return;
  await load(key);
}

async function load(key: string): Promise<void> {
  const document = get(key);
  if (!document) return;
  try {
    const { text, etag } = await files.read(document.applicationId, document.path);
    change(key, { state: 'ready', text, saved: text, etag, conflict: null, failure: null });
  } catch (failure) {
    const state = isApiError(failure, 'not_text') ? 'notText' : isApiError(failure, 'not_found') ? 'gone' : 'failed';
    change(key, { state, failure });
  }
}

export function editDocument(key: string, text: string): void {
  if (get(key)?.text !== text) change(key, { text });
}

/**
 * Saves the document over the version that it was read as. Returns whether it is saved; a file that was changed
 * meanwhile is shown as a conflict instead. Throws what else goes wrong; the text stays.
 */
export async function saveDocument(key: string): Promise<boolean> {
  const document = get(key);
  if (document?.state !== 'ready' || document.saving) return false;
  if (document.conflict) {
    if (document.conflict.kind === 'changed') change(key, { conflict: { ...document.conflict, shown: true } });
    return false;
  }
  return write(document, { etag: document.etag });
}

async function write(document: OpenDocument, expected: Expected): Promise<boolean> {
  const { key, applicationId, path, text } = document;
  change(key, { saving: true });
  try {
    const etag = await files.write(applicationId, path, text, expected);
    change(key, { saved: text, etag, conflict: null, seen: null });
    return true;
  } catch (error) {
    if (!isApiError(error, 'precondition_failed') && !isApiError(error, 'not_found')) throw error;
    await compare(key, true);
    return !isDirtyNow(key);
  } finally {
    change(key, { saving: false });
  }
}

const isDirtyNow = (key: string) => {
  const document = get(key);
  return document !== undefined && isDirty(document);
};

/** Looks at what the server has now, and takes it, or shows that both sides have changed. */
async function compare(key: string, shown: boolean): Promise<void> {
  const before = get(key);
  if (!before) return;
  let theirs: FileContent;
  try {
    theirs = await files.read(before.applicationId, before.path);
  } catch (error) {
    if (!isApiError(error, 'not_found')) throw error;
    change(key, { conflict: { kind: 'deleted' } });
    return;
  }
  const document = get(key);
  if (!document || (document.saving && !shown)) return;
  if (theirs.etag === document.etag) {
    if (document.conflict) change(key, { conflict: null });
  } else if (document.text === document.saved || document.text === theirs.text) {
    change(key, { text: theirs.text, saved: theirs.text, etag: theirs.etag, conflict: null });
  } else {
    const wasShown = document.conflict?.kind === 'changed' && document.conflict.shown;
    change(key, { conflict: { kind: 'changed', theirs: theirs.text, etag: theirs.etag, shown: shown || wasShown } });
  }
}

/** Compares the open documents of an application with its tree, and reads those that were changed elsewhere. */
export async function checkDocuments(applicationId: string, entries: FileEntry[]): Promise<void> {
  const versions = new Map(entries.map((entry) => [entry.path, `${entry.modifiedAt} ${entry.size}`]));
  const { documents } = useDocuments.getState();
  for (const { key, path, state, seen, saving, conflict } of Object.values(documents)) {
    if (!key.startsWith(`${applicationId}/`) || state === 'loading' || saving) continue;
    const version = versions.get(path);
    if (version === undefined) {
      if (state !== 'ready') continue;
      if (isDirtyNow(key)) change(key, { conflict: { kind: 'deleted' }, seen: null });
      else closeDocument(key);
    } else if (state !== 'ready') {
      if (seen !== version) {
        change(key, { seen: version });
        await load(key);
      }
    } else if (version !== seen || conflict?.kind === 'deleted') {
      change(key, { seen: version });
      await compare(key, false);
    }
  }
}

/** Ends a conflict: `theirs` drops what was typed here, `mine` saves over it, `edit` goes on from mine. */
export async function resolveConflict(key: string, choice: 'theirs' | 'mine' | 'edit'): Promise<void> {
  const document = get(key);
  if (!document?.conflict) return;
  const { conflict } = document;
  if (conflict.kind === 'deleted') {
    if (choice === 'mine') await write(document, 'nothing');
    else if (choice === 'theirs') closeDocument(key);
    return;
  }
  const { theirs, etag } = conflict;
  if (choice === 'theirs') change(key, { text: theirs, saved: theirs, etag, conflict: null });
  else if (choice === 'edit') change(key, { saved: theirs, etag, conflict: null });
  else await write(document, { etag });
}

export function showConflict(key: string, shown: boolean): void {
  const conflict = get(key)?.conflict;
  if (conflict?.kind === 'changed') change(key, { conflict: { ...conflict, shown } });
}

export function closeDocument(key: string): void {
  useDocuments.setState(({ documents, tabs }) => {
    const document = documents[key];
    if (!document) return {};
    const others = { ...documents };
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy of its own
    delete others[key];
    const id = document.applicationId;
    return { documents: others, tabs: { ...tabs, [id]: (tabs[id] ?? []).filter((tab) => tab !== key) } };
  });
}

const movedKeys = new Set<string>();

/** Whether the document has just come to this key by a move, and not because somebody opened it. Told once. */
export function takeMoved(key: string): boolean {
  const moved = movedKeys.has(key);
  movedKeys.clear();
  return moved;
}

/** Follows a file or folder that was moved, with what is typed in it. */
export function documentsMoved(applicationId: string, from: string, to: string): void {
  useDocuments.setState(({ documents, tabs }) => {
    const moved: Record<string, OpenDocument> = {};
    for (const document of Object.values(documents)) {
      const path = document.applicationId === applicationId ? movedPath(document.path, from, to) : document.path;
      const key = documentKey(document.applicationId, path);
      moved[key] = path === document.path ? document : { ...document, path, key };
      if (path !== document.path) movedKeys.add(key);
    }
    const order = (tabs[applicationId] ?? []).map((key) =>
      documentKey(applicationId, movedPath(documents[key]?.path ?? '', from, to)),
    );
    return { documents: moved, tabs: { ...tabs, [applicationId]: order } };
  });
}

/** After a deletion here: nobody is asked about changes to what is gone on purpose. */
export function documentsDeleted(applicationId: string, path: string): void {
  for (const document of Object.values(useDocuments.getState().documents)) {
    if (document.applicationId === applicationId && isWithin(document.path, path)) closeDocument(document.key);
  }
}

/** Open documents of an application that have changes. */
export const dirtyDocuments = (applicationId: string): OpenDocument[] =>
  Object.values(useDocuments.getState().documents).filter(
    (document) => document.applicationId === applicationId && isDirty(document),
  );
