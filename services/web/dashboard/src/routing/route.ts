import { basePath } from './base-path.ts';

export const PAGES = [
  'live',
  'history',
  'models',
  'apps',
  'hosts',
  'bots',
  'alerts',
  'settings',
  'pipeline',
] as const;
export type Page = (typeof PAGES)[number];

/** What the address says. Every view is restored from it alone. */
export interface Route {
  page: Page | 'not-found';
  /** The one model or app that the page is about. */
  item: string | null;
  /** Demo traffic alone, instead of real traffic. */
  demo: boolean;
  /** The id of the call whose drawer is open. */
  request: string | null;
  /** What the page is narrowed by: those of its {@link FILTERS} that are set, as a query. */
  filter: string;
}

const SPAN = ['range', 'from', 'to'] as const;

/** What each page may be narrowed by, in the order in which its address has it. */
const FILTERS = {
  live: SPAN,
  history: ['q', 'model', 'app', 'host', 'status', 'session', 'verdict', ...SPAN, 'columns'],
  models: [...SPAN, 'compare'],
  apps: [...SPAN, 'compare'],
  hosts: SPAN,
  bots: ['bot', ...SPAN],
  alerts: [],
  settings: [],
  pipeline: [],
} as const satisfies Record<Page, readonly string[]>;
export type FilterName = (typeof FILTERS)[Page][number];

const PATHS: Readonly<Record<Page, string>> = {
  live: '/',
  history: '/history',
  models: '/models',
  apps: '/apps',
  hosts: '/hosts',
  bots: '/bots',
  alerts: '/alerts',
  settings: '/settings',
  pipeline: '/pipeline',
};

/** Pages that there are once for all, and once for each. */
const ITEM_PATH = /^\/(models|apps)\/([^/]+)$/;

export function routeOf(address: URL): Route {
  const { page, item } = placeOf(address);
  return {
    page,
    item,
    demo: isYes(address.searchParams.get('demo')),
    request: address.searchParams.get('req') || null,
    filter: page === 'not-found' ? '' : filterOf(page, address.searchParams),
  };
}

function placeOf({ pathname }: URL): Pick<Route, 'page' | 'item'> {
  const path = pathBelow(basePath(), pathname)
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/index\.html$/, '/');
  const [, list, name] = ITEM_PATH.exec(path) ?? [];
  const item = name === undefined ? null : decoded(name);
  if (item) return { page: list as 'models' | 'apps', item };
  return { page: PAGES.find((page) => PATHS[page] === path) ?? 'not-found', item: null };
}

/** A part of a path that is `.` or `..` leads elsewhere, and so does it encoded: such a name stands in the address encoded twice. */
const DOTS = /^\.{1,2}$/;
const ENCODED_DOTS = /^(%2E){1,2}$/;

function encoded(name: string): string {
  return encodeURIComponent(DOTS.test(name) ? name.replaceAll('.', '%2E') : name);
}

function decoded(text: string): string | null {
  try {
    const name = decodeURIComponent(text);
    return ENCODED_DOTS.test(name) ? decodeURIComponent(name) : name;
  } catch {
    return null;
  }
}

/** A range may be two moments with a comma, too: `range=<from>,<to>`. */
function filterOf(page: Page, parameters: URLSearchParams): string {
  const kept = new URLSearchParams();
  const [from, to] = parameters.get('range')?.split(',') ?? [];
  const moments: Record<string, string | undefined> =
    to === undefined ? {} : { range: '', from, to };
  for (const name of FILTERS[page]) {
    const value = moments[name] ?? parameters.get(name);
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
  { item, demo, request, filter }: Partial<Omit<Route, 'page'>>,
): string {
  const parameters = new URLSearchParams(filterOf(page, new URLSearchParams(filter)));
  if (demo) parameters.set('demo', 'true');
  if (request) parameters.set('req', request);
  const query = parameters.toString();
  const path = basePath() + PATHS[page] + (item ? `/${encoded(item)}` : '');
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
