import type { StoredCollector, StoredLoss } from '@llm-monitor/contracts/redis';

import type { Store } from '../store.ts';

/** Collectors say every 2 s that they work. Silence for longer means that events are not being collected. */
export const COLLECTOR_FRESH_MS = 10_000;
/** For so long a collector that has fallen silent is still named. */
const COLLECTOR_SHOWN_MS = 3_600_000;

/** How collecting goes, as the collectors say it. */
export interface Collecting {
  collectors: { name: string; isOnline: boolean; report: StoredCollector }[];
  /** By stream. */
  losses: Record<string, StoredLoss>;
}

export async function readCollecting(store: Store, nowMs: number): Promise<Collecting> {
  const { global } = store.keys;
  const [reports, stored] = await Promise.all([
    store.redis.hgetall(global.collectors),
    store.redis.hgetall(global.losses),
  ]);
  return { collectors: toCollectors(reports, nowMs), losses: toLosses(stored) };
}

/** Has a collector said lately that it works? */
export function isCollecting({ collectors }: Collecting): boolean {
  return collectors.some(({ isOnline }) => isOnline);
}

/** What the latest report says waits, and what all streams lost. */
export function sumCollecting({ collectors, losses }: Collecting): {
  waiting_events: number;
  lost_events: number;
  dead_letters: number;
} {
  const [latest] = collectors;
  return {
    waiting_events: latest ? latest.report.pending + latest.report.ackPending : 0,
    lost_events: Object.values(losses).reduce((sum, { lost }) => sum + lost, 0),
    dead_letters: latest?.report.deadLetters ?? 0,
  };
}

function toCollectors(reports: Record<string, string>, nowMs: number): Collecting['collectors'] {
  return Object.entries(reports)
    .map(([name, text]) => {
      const report = JSON.parse(text) as StoredCollector;
      return { name, report, isOnline: nowMs - report.seenAtMs <= COLLECTOR_FRESH_MS };
    })
    .filter(({ report }) => nowMs - report.seenAtMs <= COLLECTOR_SHOWN_MS)
    .sort((a, b) => b.report.seenAtMs - a.report.seenAtMs);
}

function toLosses(stored: Record<string, string>): Collecting['losses'] {
  const losses: Collecting['losses'] = {};
  for (const [field, text] of Object.entries(stored)) {
    if (field.includes(':')) continue;
    const redeliveries = Number(stored[`${field}:redeliveries`] ?? 0);
    losses[field] = { ...(JSON.parse(text) as StoredLoss), redeliveries };
  }
  return losses;
}
