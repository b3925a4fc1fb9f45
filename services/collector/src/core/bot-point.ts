import type { BotSampledData, BotTradeData } from '@llm-monitor/contracts/events';
import type { StoredBotPoint } from '@llm-monitor/contracts/redis';

/** What a bot's series keeps of a sample; undefined when it said nothing of its profit. */
export function botPoint({ profit, openTradeCount }: BotSampledData): StoredBotPoint | undefined {
  if (!profit) return undefined;
  return { closedAbs: profit.closedAbs, allAbs: profit.allAbs, openTrades: openTradeCount };
}

/** When it happened, where the bot says so and it is not in the future; else when it was told. */
export function tradeTimeMs(trade: BotTradeData, toldAtMs: number): number {
  const said = Date.parse(
    (trade.closedAt ?? (trade.source === 'poll' ? trade.openedAt : '')) || '',
  );
  return said <= toldAtMs ? said : toldAtMs;
}
