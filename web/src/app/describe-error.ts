import { fileLimit } from '../api/files';
import { ApiError, messageOf } from '../api/errors';
import type { Dictionary } from '../i18n/en';
import { formatBytes } from '../lib/format';

/** What to tell of a failure: the server's own sentence, but for what the page knows better. */
export function describeError(error: unknown, t: Dictionary, subject = ''): string {
  if (error instanceof ApiError) {
    if (error.code === 'network') return t.errors.network;
    if (error.code === 'not_text') return t.errors.notText(error.message);
    if (error.code === 'too_large' && subject !== '') {
      return t.errors.tooLarge(subject, formatBytes(fileLimit, t.common.units));
    }
    if (error.code === 'already_exists') return t.common.nameProblems.exists;
  }
  return messageOf(error);
}
