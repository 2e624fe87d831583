import { notifications } from '@mantine/notifications';
import { isApiError } from '../api/errors';
import { describeError } from '../app/describe-error';
import { texts } from '../i18n';

/** Says shortly that something is done. */
export function notify(message: string): void {
  notifications.show({ message, autoClose: 3000, withCloseButton: true, closeButtonProps: { 'aria-label': texts().common.close } });
}

/** Says what did not work and why; stays until it is read. */
export function notifyError(error: unknown, subject = ''): void {
  // The sign-in form says that already.
  if (isApiError(error, 'unauthenticated')) return;
  const t = texts();
  notifications.show({
    title: t.common.failed,
    message: typeof error === 'string' ? error : describeError(error, t, subject),
    color: 'red',
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': t.common.close },
  });
}
