import { END_STATUSES, type EndStatus } from '@llm-monitor/contracts/rest';

/** Spans of time up to now that can be chosen. An address may name others. */
export const RANGES = ['15m', '1h', '24h', '7d'] as const;
const UNIT_MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

/** The statuses that are chosen; none means all. */
export function statusesOf(filter: URLSearchParams): EndStatus[] {
  const chosen = (filter.get('status') ?? '').split(',');
  return END_STATUSES.filter((status) => chosen.includes(status));
}

/** Parameters of `GET /api/requests` and `GET /api/export.…` for what the address says. `nowMs`: a span of time ends there. */
export function apiQuery(filter: string, options: { demo: boolean; nowMs: number }): string {
  const given = new URLSearchParams(filter);
  const asked = new URLSearchParams();
  for (const name of ['q', 'model', 'app', 'host', 'session', 'verdict', 'from', 'to']) {
    const value = given.get(name);
    if (value) asked.set(name, value);
  }
  const statuses = statusesOf(given);
  if (statuses.length > 0) asked.set('status', statuses.join(','));
  const minutes = minutesOf(given.get('range'));
  if (minutes) {
    asked.set('from', new Date(options.nowMs - minutes * 60_000).toISOString());
    asked.delete('to');
  }
  if (options.demo) asked.set('demo', 'only');
  return asked.toString();
}

function minutesOf(range: string | null): number | undefined {
  const [, count, unit = ''] = /^(\d{1,4})([mhd])$/.exec(range ?? '') ?? [];
  return count === undefined ? undefined : Number(count) * (UNIT_MINUTES[unit] ?? 0);
}

/** Parameters of `GET /api/facets`, which counts without search and session. */
export function facetQuery(filter: string, demo: boolean): string {
  const given = new URLSearchParams(filter);
  const asked = new URLSearchParams();
  for (const name of ['model', 'app', 'host', 'range']) {
    const value = given.get(name);
    if (value) asked.set(name, value);
  }
  const [from, to] = ['from', 'to'].map((name) => given.get(name) ?? '');
  // Counts need a beginning; all that is kept has one.
  if (!asked.has('range') && (from || to)) {
    asked.set('from', from || '2000-01-01');
    if (to) asked.set('to', to);
  }
  const statuses = statusesOf(given);
  if (statuses.length > 0) asked.set('status', statuses.join(','));
  if (demo) asked.set('demo', 'only');
  return asked.toString();
}
