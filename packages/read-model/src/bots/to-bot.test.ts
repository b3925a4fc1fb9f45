import type { BotSampledData } from '@llm-monitor/contracts/events';
import { expect, test } from 'vitest';

import { toBot } from './to-bot.ts';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const sample: BotSampledData = {
  ...{ bot: 'alpha', apps: ['generator'], address: 'http://bot', reachable: true },
  ...{ answeredAt: null, state: 'running', dryRun: true, exchange: null, strategy: 'Mine' },
  ...{ version: null, tradingMode: null, timeframe: null, stakeCurrency: 'USDT' },
  ...{ maxOpenTrades: 3, openTradeCount: 0, openTrades: [], balance: null, intervalSeconds: 10 },
  profit: {
    ...{ closedAbs: 1, closedRatio: 0.001234, allAbs: null, allRatio: null },
    ...{ closedTrades: 1, winningTrades: 1, losingTrades: 0 },
  },
};
const shown = (silentSeconds: number, given: Partial<BotSampledData> = {}) =>
  toBot({ seenAtMs: NOW - silentSeconds * 1000, sample: { ...sample, ...given } }, NOW);

test('a bot that was looked at lately is shown as it is, ratios as percent', () => {
  expect(shown(150)).toMatchObject({
    ...{ online: true, watched: true, problem: null, state: 'running' },
    profit: { closed: 1, closed_percent: 0.123, all: null, all_percent: null },
  });
});

test('of one that nobody looks at only what does not change by itself is known, and why', () => {
  expect(shown(151)).toMatchObject({
    ...{ online: false, watched: false, state: null, profit: null, open_trade_count: null },
    ...{ strategy: 'Mine', max_open_trades: 3, problem: { kind: 'unreachable' } },
  });
  // One that is asked seldom is not missed so soon.
  expect(shown(2000, { intervalSeconds: 3600 }).watched).toBe(true);
});

test('one that does not answer is watched, and down', () => {
  const problem = { kind: 'timeout', detail: 'no answer' } as const;
  expect(shown(5, { reachable: false, problem })).toMatchObject({
    ...{ online: false, watched: true, problem, state: null },
  });
});
