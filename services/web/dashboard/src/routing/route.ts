import { basePath } from './base-path.ts';

export const PAGES = ['live', 'history', 'models', 'apps', 'hosts', 'pipeline'] as const;
export type Page = (typeof PAGES)[number];

/** What the address says. Every view is restored from it alone. */
export interface Route {
  page: Page | 'not-found';
  /** Demo traffic alone, instead of real traffic. */
  demo: boolean;
  /** The id of the call whose drawer is open. */
  request: string | null;
  /** What the history is narrowed by: those of {@link FILTERS} that are set, as a query. */
  filter: string;
}

/** In the order in which an address has them. */
export const FILTERS = ['q', 'model', 'app', 'status', 'session', 'range', 'from', 'to'] as const;
export type FilterName = (typeof FILTERS)[number];

const PATHS: Readonly<Record<Page, string>> = {
  live: '/',
  history: '/history',
  models: '/models',
  apps: '/apps',
  hosts: '/hosts',
  pipeline: '/pipeline',
};

export function routeOf(address: URL): Route {
  const path = pathBelow(basePath(), address.pathname)
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/index\.html$/, '/');
  return {
    page: PAGES.find((page) => PATHS[page] === path) ?? 'not-found',
    demo: isYes(address.searchParams.get('demo')),
    request: address.searchParams.get('req') || null,
    filter: filterOf(address.searchParams),
  };
}

function filterOf(parameters: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of FILTERS) {
    const value = parameters.get(name);
    if (value) kept.set(name, value);
  }
  return kept.toString();
}

/** As people write it by hand, too. */
function isYes(value: string | null): boolean {
  return value === 'true' || value === '1' || value === '';
}

/** A page's address, as a link; what is left out is not in it. */
export function addressOf(
  page: Page,
  { demo, request, filter }: Partial<Omit<Route, 'page'>>,
): string {
  const parameters = new URLSearchParams(page === 'history' ? filter : '');
  if (demo) parameters.set('demo', 'true');
  if (request) parameters.set('req', request);
  const query = parameters.toString();
  const path = basePath() + PATHS[page];
  return query ? `${path}?${query}` : path;
}

/** Where the ended calls of a model, an app or a session are. */
export function historyOf(of: Partial<Record<FilterName, string>>, demo: boolean): string {
  return addressOf('history', { demo, filter: new URLSearchParams(of).toString() });
}

/** Another path of this server is no page of ours. */
function pathBelow(base: string, path: string): string {
  if (path === base) return '/';
  return path.startsWith(`${base}/`) ? path.slice(base.length) : '/outside/';
}

/** The address of this route with another drawer open, or none. */
export function withRequest(route: Route, request: string | null): string {
  return addressOf(route.page === 'not-found' ? 'live' : route.page, { ...route, request });
}
