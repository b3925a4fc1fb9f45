import { requestMember } from '@llm-monitor/contracts/redis';
import { toEndedRequest, type EndedRequest } from '@llm-monitor/contracts/rest';

import { readCostSettings, withCost } from '../costs/cost-settings.ts';
import type { Store } from '../store.ts';
import { readEndedVerdicts, withVerdicts } from '../verdicts/read-verdicts.ts';
import { createHistoryFilter, type HistoryFilter } from './history-filter.ts';
import type { HistoryPosition } from './history-position.ts';
import { createHistoryWalk, type HistoryEntry } from './history-walk.ts';

/** After this long a search gives what it has found, and a cursor to go on from. */
export const HISTORY_BUDGET_MS = 400;

/** Searching looks at many calls to show a few. */
const SEARCH_CHUNK = 500;

export interface HistoryPage {
  items: EndedRequest[];
  /** Null when nothing older is left. With a place a page may hold fewer than `limit`, or none: the budget was spent on searching. */
  next: HistoryPosition | null;
}

/**
 * Ended calls, by end time then id, newest first. Walking from `next` to `next` shows every call once, however many end meanwhile.
 * @param options.after the place that the page before ended at (`next`)
 * @param options.elapsedMs a monotonic clock
 */
export async function readHistory(store: Store, options: HistoryOptions): Promise<HistoryPage> {
  const { items, next } = await findCalls(store, options);
  const members = items.map(({ app, id }) => requestMember(app, id));
  const [found, prices] = await Promise.all([
    readEndedVerdicts(store, members),
    readCostSettings(store),
  ]);
  return {
    items: items.map((call, i) => withVerdicts(withCost(call, prices), found[i]?.verdicts)),
    next,
  };
}

interface HistoryOptions {
  limit: number;
  filter: HistoryFilter;
  after?: HistoryPosition;
  budgetMs?: number;
  elapsedMs?: () => number;
}

async function findCalls(store: Store, options: HistoryOptions): Promise<HistoryPage> {
  const { limit, filter, after, budgetMs = HISTORY_BUDGET_MS } = options;
  const elapsedMs = options.elapsedMs ?? (() => performance.now());
  const matches = createHistoryFilter(filter);
  const endMs = elapsedMs() + budgetMs;
  const bounds = { after, fromMs: filter.fromMs ?? -Infinity, toMs: filter.toMs ?? Infinity };
  const walk = createHistoryWalk(store, bounds, isSearch(filter) ? SEARCH_CHUNK : limit + 1);
  const items: EndedRequest[] = [];
  let last: HistoryPosition | undefined;
  for (;;) {
    const entries = await walk.next();
    if (entries.length === 0) return { items, next: null };
    const isHeld = await readHeld(store, entries, filter);
    for (const [i, entry] of entries.entries()) {
      // An entry is left, so there is a next page.
      if (items.length === limit) return { items, next: last ?? null };
      last = entry;
      const { record } = entry;
      if (record && isHeld(i) && matches(record)) items.push(toEndedRequest(record));
    }
    if (elapsedMs() >= endMs && last) return { items, next: last };
  }
}

/** Of which of them the verdict was found; of all where none is asked for. */
async function readHeld(
  store: Store,
  entries: readonly HistoryEntry[],
  { verdict }: HistoryFilter,
): Promise<(at: number) => boolean> {
  if (verdict === undefined) return () => true;
  const members = entries.map(({ member }) => member);
  const found = await readEndedVerdicts(store, members);
  return (at) => found[at]?.verdicts.some(({ kind }) => kind === verdict) ?? false;
}

function isSearch({ demo, fromMs: _from, toMs: _to, ...parts }: HistoryFilter): boolean {
  return demo === 'only' || Object.values(parts).some((part) => part !== undefined);
}
