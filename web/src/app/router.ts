import { useSyncExternalStore } from 'react';

/** Places in the product. They are kept behind the `#`, so that any path prefix works. */
export type Route =
  | { page: 'applications' }
  | { page: 'application'; id: string; file: string | null }
  | { page: 'tasks'; query: URLSearchParams }
  | { page: 'hypervisors' };

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const query = new URLSearchParams(search);
  const [page, id] = path.split('/');
  if (page === 'applications' && id) return { page: 'application', id: decodeURIComponent(id), file: query.get('file') };
  if (page === 'tasks') return { page: 'tasks', query };
  if (page === 'hypervisors') return { page: 'hypervisors' };
  return { page: 'applications' };
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'applications':
      return '#/applications';
    case 'application': {
      const query = route.file === null ? '' : `?${new URLSearchParams({ file: route.file }).toString()}`;
      return `#/applications/${encodeURIComponent(route.id)}${query}`;
    }
    case 'tasks': {
      const query = route.query.toString();
      return query === '' ? '#/tasks' : `#/tasks?${query}`;
    }
    case 'hypervisors':
      return '#/hypervisors';
  }
}

export function navigate(route: Route, replace = false): void {
  const href = hrefOf(route);
  if (replace) {
    history.replaceState(null, '', href);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else location.hash = href;
}

const subscribe = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

let last: { hash: string; route: Route } | null = null;

function currentRoute(): Route {
  if (last?.hash !== location.hash) last = { hash: location.hash, route: parseRoute(location.hash) };
  return last.route;
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, currentRoute);
