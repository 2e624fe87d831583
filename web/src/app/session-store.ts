import { create } from 'zustand';
import { onSignedOut } from '../api/client';

interface Session {
  /** `lost` is a session that ended while the page was in use: everything behind the dialog stays as it is. */
  state: 'unknown' | 'open' | 'none' | 'lost';
}

export const useSession = create<Session>()(() => ({ state: 'unknown' }));

export function sessionOpened(): void {
  useSession.setState({ state: 'open' });
}

onSignedOut(() => {
  useSession.setState(({ state }) => ({ state: state === 'open' || state === 'lost' ? 'lost' : 'none' }));
});
