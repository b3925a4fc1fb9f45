import type { BotSampledData, BotTradeData } from '@llm-monitor/contracts/events';
import {
  botTradeField,
  MAX_BOT_TRADES,
  TTL_SECONDS,
  type Keys,
  type StoredBot,
  type StoredBotTrade,
} from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

import { botPoint } from '../core/bot-point.ts';

/** So many above the cap are taken before the oldest are dropped: not each one costs a look at all. */
const SLACK = 100;

/** Keeps the last sample, the profit of each minute and what happened to the trades of each bot. Applying twice is harmless. */
export interface BotStore {
  keepSample(sample: BotSampledData, atMs: number): Promise<void>;
  keepTrade(trade: BotTradeData, id: string, atMs: number): Promise<void>;
}

export function createBotStore(redis: StoreConnection, keys: Keys): BotStore {
  const dropOldest = async (key: string) => {
    const all = Object.entries(await redis.hgetall(key)).map(([field, json]) => ({
      field,
      atMs: (JSON.parse(json) as StoredBotTrade).atMs,
    }));
    const oldest = all.toSorted((a, b) => a.atMs - b.atMs).slice(0, all.length - MAX_BOT_TRADES);
    if (oldest.length > 0) await redis.hdel(key, ...oldest.map(({ field }) => field));
  };

  return {
    async keepSample(sample, atMs) {
      const stored: StoredBot = { seenAtMs: atMs, sample };
      await redis.hset(keys.global.bots, sample.bot, JSON.stringify(stored));
      const point = botPoint(sample);
      if (!point) return;
      const series = keys.global.botSeries(sample.bot, Math.floor(atMs / 3_600_000));
      await redis.hset(series, String(Math.floor(atMs / 60_000)), JSON.stringify(point));
      await redis.expire(series, TTL_SECONDS.botSeries);
    },

    async keepTrade(trade, id, atMs) {
      const key = keys.global.botTrades(trade.bot);
      const stored: StoredBotTrade = { atMs, trade };
      await redis.hset(key, botTradeField(trade, id), JSON.stringify(stored));
      await redis.expire(key, TTL_SECONDS.botTrades);
      if ((await redis.hlen(key)) > MAX_BOT_TRADES + SLACK) await dropOldest(key);
    },
  };
}
