import { request, requestJson } from './client';
import { errorFromBody } from './errors';
import type { User } from './types';

export const whoAmI = () => requestJson<User>('me');

/**
 * Opens a cookie session with a token. The token itself is used once, for a sign-in link, and kept nowhere.
 * Throws `unauthenticated` when the server does not know it.
 */
export async function signIn(token: string): Promise<void> {
  const link = await requestJson<{ url: string }>('sign-in-links', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
  });
  const code = new URL(link.url).searchParams.get('code') ?? '';
  // The answer redirects to the page that is open already: only its cookie is wanted.
  const response = await fetch(new URL(`sign-in?code=${encodeURIComponent(code)}`, document.baseURI), {
    redirect: 'manual',
    credentials: 'same-origin',
  });
  if (response.type !== 'opaqueredirect' && !response.ok) {
    throw errorFromBody(response.status, response.statusText, '');
  }
}

export const signOut = () => request('sign-out', { method: 'POST' });
