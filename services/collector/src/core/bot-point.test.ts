import type { BotSampledData, BotTradeData } from '@llm-monitor/contracts/events';
import { expect, test } from 'vitest';

import { botPoint, tradeTimeMs } from './bot-point.ts';

const TOLD = Date.UTC(2026, 0, 1, 12);
const at = (ms: number) => new Date(TOLD + ms).toISOString();
const timeOf = (of: Partial<BotTradeData>) =>
  tradeTimeMs({ bot: 'b', kind: 'exit_fill', source: 'webhook', ...of }, TOLD) - TOLD;

test('a trade happened when it was closed, or when it was opened where it was seen in the list', () => {
  expect(timeOf({ closedAt: at(-5000), openedAt: at(-9000) })).toBe(-5000);
  expect(timeOf({ source: 'poll', openedAt: at(-9000) })).toBe(-9000);
});

test('a trade happened when it was told, where the bot does not say, says nonsense, or names the future', () => {
  // A message about an exit says when the trade was opened, which is not when it happened.
  expect(timeOf({ openedAt: at(-9000) })).toBe(0);
  for (const closedAt of ['', 'just now', at(1)]) expect(timeOf({ closedAt })).toBe(0);
  expect(timeOf({ closedAt: at(0) })).toBe(0);
});

test('a point keeps the profit that a sample says, and nothing of one that says none', () => {
  const profit = { closedAbs: 3, allAbs: 4 };
  expect(botPoint({ profit, openTradeCount: 2 } as BotSampledData)).toEqual({
    ...profit,
    openTrades: 2,
  });
  expect(botPoint({ profit: null, openTradeCount: 2 } as BotSampledData)).toBeUndefined();
});
