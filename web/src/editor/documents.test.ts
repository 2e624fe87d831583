import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../api/errors';
import type { Expected } from '../api/files';
import type { FileEntry } from '../api/types';
import { documentKey, isDirty } from './document';
import {
  checkDocuments,
  documentsMoved,
  editDocument,
  openDocument,
  resolveConflict,
  saveDocument,
  setFileStore,
  takeMoved,
  useDocuments,
} from './documents';

/** A server with versions, as the API's conditions have it. */
class Server {
  readonly files = new Map<string, { text: string; version: number }>();
  private versions = 0;

  put(path: string, text: string): void {
    this.files.set(path, { text, version: ++this.versions });
  }

  read = (_: string, path: string) => {
    const file = this.files.get(path);
    if (!file) return Promise.reject(new ApiError('not_found', path, 404));
    return Promise.resolve({ text: file.text, etag: `"${file.version}"` });
  };

  write = (_: string, path: string, text: string, expected: Expected) => {
    const file = this.files.get(path);
    const fits = expected === 'any' || (expected === 'nothing' ? !file : file && `"${file.version}"` === expected.etag);
    if (!fits) return Promise.reject(new ApiError('precondition_failed', path, 412));
    this.put(path, text);
    return Promise.resolve(`"${this.versions}"`);
  };

  tree = (): FileEntry[] =>
    [...this.files].map(([path, { text, version }]) => ({
      path,
      type: 'file',
      size: text.length,
      modifiedAt: String(version),
      executable: false,
      scriptId: null,
    }));
}

const key = documentKey('app', 'a.py');
const document = (of = key) => {
  const found = useDocuments.getState().documents[of];
  if (!found) throw new Error(`${of} is not open`);
  return found;
};
let server: Server;

beforeEach(async () => {
  useDocuments.setState({ documents: {}, tabs: {} });
  server = new Server();
  setFileStore(server);
  server.put('a.py', 'one');
  await openDocument('app', 'a.py');
  await checkDocuments('app', server.tree());
});

describe('documents', () => {
  it('are changed by typing only, and saved', async () => {
    expect(isDirty(document())).toBe(false);
    editDocument(key, 'two');
    expect(isDirty(document())).toBe(true);
    expect(await saveDocument(key)).toBe(true);
    expect(isDirty(document())).toBe(false);
    expect(server.files.get('a.py')?.text).toBe('two');
  });

  it('are not changed when the text is as it was again', () => {
    editDocument(key, 'two');
    editDocument(key, 'one');
    expect(isDirty(document())).toBe(false);
  });

  it('follow what others save while there is nothing to lose', async () => {
    server.put('a.py', 'theirs');
    await checkDocuments('app', server.tree());
    expect(document()).toMatchObject({ text: 'theirs', saved: 'theirs', conflict: null });
  });

  it('stay open and dirty when their file is deleted elsewhere, and can be saved again', async () => {
    editDocument(key, 'typed');
    server.files.delete('a.py');
    await checkDocuments('app', server.tree());
    expect(document()).toMatchObject({ text: 'typed', conflict: { kind: 'deleted' } });
    await resolveConflict(key, 'mine');
    expect(server.files.get('a.py')?.text).toBe('typed');
    expect(isDirty(document())).toBe(false);
  });

  it('close when their file is deleted elsewhere and nothing is lost', async () => {
    server.files.delete('a.py');
    await checkDocuments('app', server.tree());
    expect(useDocuments.getState()).toEqual({ documents: {}, tabs: { app: [] } });
  });

  it('follow their file when it is moved, with what is typed', () => {
    editDocument(key, 'typed');
    documentsMoved('app', 'a.py', 'lib/b.py');
    expect(document(documentKey('app', 'lib/b.py'))).toMatchObject({ path: 'lib/b.py', text: 'typed' });
    expect(useDocuments.getState().tabs.app).toEqual([documentKey('app', 'lib/b.py')]);
    // The editor leaves the focus where it is, this once.
    expect(takeMoved(documentKey('app', 'lib/b.py'))).toBe(true);
    expect(takeMoved(documentKey('app', 'lib/b.py'))).toBe(false);
  });
});

describe('two editing the same file', () => {
  beforeEach(() => {
    editDocument(key, 'mine');
    server.put('a.py', 'theirs');
  });

  it('is noticed by saving: nothing is overwritten, nothing typed is lost', async () => {
    expect(await saveDocument(key)).toBe(false);
    expect(server.files.get('a.py')?.text).toBe('theirs');
    expect(document()).toMatchObject({ text: 'mine', conflict: { kind: 'changed', theirs: 'theirs', shown: true } });
  });

  it('is noticed before saving, without getting in the way', async () => {
    await checkDocuments('app', server.tree());
    expect(document()).toMatchObject({ text: 'mine', conflict: { kind: 'changed', shown: false } });
    expect(await saveDocument(key)).toBe(false);
    expect(document().conflict).toMatchObject({ shown: true });
  });

  it('ends with theirs', async () => {
    await saveDocument(key);
    await resolveConflict(key, 'theirs');
    expect(document()).toMatchObject({ text: 'theirs', conflict: null });
    expect(isDirty(document())).toBe(false);
  });

  it('ends with mine, over the version that was shown', async () => {
    await saveDocument(key);
    await resolveConflict(key, 'mine');
    expect(server.files.get('a.py')?.text).toBe('mine');
    expect(isDirty(document())).toBe(false);
  });

  it('shows again what was changed while the difference was looked at', async () => {
    await saveDocument(key);
    server.put('a.py', 'theirs again');
    await resolveConflict(key, 'mine');
    expect(server.files.get('a.py')?.text).toBe('theirs again');
    expect(document().conflict).toMatchObject({ theirs: 'theirs again' });
  });

  it('goes on from mine, which is then saved over theirs', async () => {
    await saveDocument(key);
    await resolveConflict(key, 'edit');
    expect(isDirty(document())).toBe(true);
    expect(await saveDocument(key)).toBe(true);
    expect(server.files.get('a.py')?.text).toBe('mine');
  });

  it('is none when both typed the same', async () => {
    editDocument(key, 'theirs');
    expect(await saveDocument(key)).toBe(true);
    expect(document().conflict).toBeNull();
  });
});
