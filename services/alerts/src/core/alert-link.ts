import type { Subject } from './reading.ts';

const MINUTE_MS = 60_000;

/** Path and query of the dashboard's page that shows what happened in the minute before. */
export function alertLink(of: Subject, atMs: number): string {
  const span = new URLSearchParams({ from: iso(atMs - MINUTE_MS), to: iso(atMs) });
  if (of.bot !== undefined) span.set('bot', of.bot);
  return `${pathOf(of)}?${span.toString()}`;
}

function pathOf({ model, app, host, bot }: Subject): string {
  if (model !== undefined) return `/models/${encodeURIComponent(model)}`;
  if (app !== undefined) return `/apps/${encodeURIComponent(app)}`;
  if (bot !== undefined) return '/bots';
  return host === undefined ? '/' : '/hosts';
}

const iso = (ms: number): string => new Date(ms).toISOString();
