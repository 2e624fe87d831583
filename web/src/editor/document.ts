/** A file that is open in the editor. */
export interface OpenDocument {
  key: string;
  applicationId: string;
  path: string;
  state: 'loading' | 'ready' | 'notText' | 'gone' | 'failed';
  failure: unknown;
  /** The version that `saved` is. */
  etag: string;
  saved: string;
  text: string;
  saving: boolean;
  conflict: Conflict | null;
  /** What the tree said of the file when it was read last; null when that is to be asked. */
  seen: string | null;
}

/** Somebody else changed or deleted the file while there are changes here. */
export type Conflict = { kind: 'changed'; theirs: string; etag: string; shown: boolean } | { kind: 'deleted' };

export const documentKey = (applicationId: string, path: string) => `${applicationId}/${path}`;

export function newDocument(applicationId: string, path: string): OpenDocument {
  return {
    key: documentKey(applicationId, path),
    applicationId,
    path,
    state: 'loading',
    failure: null,
    etag: '',
    saved: '',
    text: '',
    saving: false,
    conflict: null,
    seen: null,
  };
}

export const isDirty = (document: OpenDocument) =>
  document.state === 'ready' && (document.text !== document.saved || document.conflict !== null);
