import { subjectToken } from '@llm-monitor/contracts/bus';
import type { StoredBot, StoredBotTrade } from '@llm-monitor/contracts/redis';
import type { Bot, BotDetails, EndedRequest } from '@llm-monitor/contracts/rest';

import { readHistory } from '../requests/read-history.ts';
import type { Store } from '../store.ts';
import { callsOf, isOpenWithin, mergeTrades } from './merge-trades.ts';
import { profitStepMs, readProfitSeries } from './profit-series.ts';
import { toBot } from './to-bot.ts';

const MAX_CALLS = 500;
const MAX_MESSAGES = 50;

/** Every bot that was heard of, by name. */
export async function readBots(store: Store, nowMs: number): Promise<Bot[]> {
  const stored = Object.values(await store.redis.hgetall(store.keys.global.bots));
  return stored
    .map((json) => toBot(JSON.parse(json) as StoredBot, nowMs))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** How many there are. */
export function countBots(store: Store): Promise<number> {
  return store.redis.hlen(store.keys.global.bots);
}

/** One bot in a time; undefined when there is none of that name. */
export async function readBot(
  store: Store,
  name: string,
  options: { fromMs: number; toMs: number; nowMs: number; elapsedMs(): number },
): Promise<BotDetails | undefined> {
  const json = await store.redis.hget(store.keys.global.bots, name);
  if (json === null) return undefined;
  const stored = JSON.parse(json) as StoredBot;
  // Calls are kept by the names that subjects have.
  const apps = [...new Set(stored.sample.apps.map(subjectToken))];
  const [told, profitSeries, calls] = await Promise.all([
    store.redis.hgetall(store.keys.global.botTrades(name)),
    readProfitSeries(store, name, options),
    Promise.all(apps.map((app) => readCalls(store, app, options))),
  ]);
  const all = Object.values(told).map((text) => JSON.parse(text) as StoredBotTrade);
  return {
    ...toBot(stored, options.nowMs),
    from: new Date(options.fromMs).toISOString(),
    to: new Date(options.toMs).toISOString(),
    trades: mergeTrades(all)
      .filter((trade) => isOpenWithin(trade, options))
      .map((trade) => ({ ...trade, calls: callsOf(trade, apps, options.nowMs) })),
    messages: toMessages(all, options),
    profit_series: profitSeries,
    step: profitStepMs(options) / 1000,
    calls: calls.flat().sort(byEnd).slice(0, MAX_CALLS),
  };
}

async function readCalls(
  store: Store,
  app: string,
  { fromMs, toMs, elapsedMs }: { fromMs: number; toMs: number; elapsedMs(): number },
): Promise<EndedRequest[]> {
  const filter = { app, fromMs, toMs, demo: 'include' } as const;
  return (await readHistory(store, { limit: MAX_CALLS, filter, elapsedMs })).items;
}

const byEnd = (a: EndedRequest, b: EndedRequest): number => (a.ended_at < b.ended_at ? 1 : -1);

function toMessages(
  told: readonly StoredBotTrade[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): BotDetails['messages'] {
  return told
    .filter(({ trade, atMs }) => trade.kind === 'status' && atMs >= fromMs && atMs < toMs)
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, MAX_MESSAGES)
    .map(({ trade, atMs }) => ({ at: new Date(atMs).toISOString(), text: trade.text ?? '' }));
}
