import type { StoredBotPoint } from '@llm-monitor/contracts/redis';
import type { BotDetails } from '@llm-monitor/contracts/rest';

import { readMany, type Store } from '../store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MAX_POINTS = 500;

interface Span {
  fromMs: number;
  toMs: number;
}

/** Steps of whole minutes, few enough for a line. */
export function profitStepMs({ fromMs, toMs }: Span): number {
  return Math.max(1, Math.ceil((toMs - fromMs) / MAX_POINTS / MINUTE_MS)) * MINUTE_MS;
}

/** What a bot earned over time: of each step what it said last, and null where it said nothing. */
export async function readProfitSeries(
  store: Store,
  bot: string,
  span: Span,
): Promise<BotDetails['profit_series']> {
  const stepMs = profitStepMs(span);
  const hours: number[] = [];
  for (let hour = Math.floor(span.fromMs / HOUR_MS); hour * HOUR_MS < span.toMs; hour++) {
    hours.push(hour);
  }
  const hashes = await readMany(
    store.redis,
    hours.map((hour) => ['hgetall', store.keys.global.botSeries(bot, hour)] as const),
  );
  const minutes = hashes.flatMap((hash) => Object.entries(hash as Record<string, string>));
  const bySteps = new Map<number, StoredBotPoint>();
  for (const [minute, json] of minutes.sort(([a], [b]) => Number(a) - Number(b))) {
    bySteps.set(
      Math.floor((Number(minute) * MINUTE_MS) / stepMs),
      JSON.parse(json) as StoredBotPoint,
    );
  }
  if (bySteps.size === 0) return [];
  const series: BotDetails['profit_series'] = [];
  for (let step = Math.floor(span.fromMs / stepMs); step * stepMs < span.toMs; step++) {
    const point = bySteps.get(step);
    series.push({
      t: new Date(step * stepMs).toISOString(),
      closed: point?.closedAbs ?? null,
      all: point?.allAbs ?? null,
      open_trades: point?.openTrades ?? null,
    });
  }
  return series;
}
