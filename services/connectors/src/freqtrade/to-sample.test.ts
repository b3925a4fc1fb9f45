import { BotSampledData, MAX_OPEN_TRADES } from '@llm-monitor/contracts/events';
import { Value } from '@llm-monitor/contracts/typebox/value';
import { describe, expect, test } from 'vitest';

import { waitMs } from './bot-poller.ts';
import { listedTrades, tradesMark } from './listed-trades.ts';
import { toAbsence, toSample, type Answers } from './to-sample.ts';

const bot = { name: 'alpha', url: 'http://bot', apps: ['strategy'], intervalMs: 10_000 };
const at = '2026-05-01T10:00:00.000Z';
const sample = (answers: Answers) => {
  const made = toSample(bot, answers, { at });
  expect(Value.Errors(BotSampledData, made)).toEqual([]);
  return made;
};

describe('a sample of a bot', () => {
  test('that has not traded yet has empty lists and zeros, and nothing that it did not say', () => {
    const made = sample({
      config: { state: 'stopped', dry_run: false, max_open_trades: -1, strategy: null },
      ...{ status: [], count: { current: 0, max: -1, total_stake: 0 } },
      profit: { profit_closed_coin: 0, profit_factor: null, closed_trade_count: 0 },
    });
    expect(made).toMatchObject({
      ...{ state: 'stopped', dryRun: false, maxOpenTrades: null, strategy: null },
      ...{ openTrades: [], openTradeCount: 0, balance: null, exchange: null },
      profit: { closedAbs: 0, allAbs: null, closedTrades: 0, winningTrades: null },
    });
  });

  test('says nothing of what was not answered', () => {
    expect(sample({ config: { state: '' } })).toMatchObject({
      ...{ state: null, openTrades: null, openTradeCount: null, profit: null, balance: null },
    });
  });

  test('takes no more trades than an event may hold, and only what is of its kind', () => {
    const trade = { trade_id: 1, pair: 'A/B', profit_abs: null, amount: '1', open_rate: Infinity };
    const made = sample({ status: Array.from({ length: 500 }, () => trade) });
    expect(made.openTrades).toHaveLength(MAX_OPEN_TRADES);
    expect(made.openTrades?.[0]).toMatchObject({ profitAbs: null, amount: 1, openRate: null });
    expect(sample({ status: [null, 'x'] }).openTrades?.[1]).toMatchObject({ tradeId: '?' });
    expect(sample({ status: { detail: 'no' }, profit: 'x', config: null }).openTrades).toBeNull();
  });

  test('of a bot that is away keeps what does not change by itself', () => {
    const before = sample({ config: { strategy: 'Mine', state: 'running' }, status: [] });
    const problem = { kind: 'timeout', detail: 'no answer' } as const;
    const absent = toAbsence(bot, problem, before);
    expect(Value.Errors(BotSampledData, absent)).toEqual([]);
    expect(absent).toMatchObject({
      ...{ reachable: false, problem, strategy: 'Mine', answeredAt: at },
      ...{ state: null, openTrades: null },
    });
    expect(toAbsence(bot, problem, undefined)).toMatchObject({ strategy: null, answeredAt: null });
  });
});

test("the bot's list tells of entries and exits", () => {
  const open = { trade_id: 1, pair: 'A/B', is_open: true, open_timestamp: Date.parse(at) };
  const closed = { ...open, trade_id: 2, is_open: false, close_profit: 0.1, close_profit_abs: 3 };
  const told = listedTrades('alpha', { trades: [open, closed, null, { pair: 'no id' }] });
  expect(told.map(({ tradeId, kind }) => `${tradeId} ${kind}`)).toEqual([
    ...['1 entry_fill', '2 entry_fill', '2 exit_fill'],
  ]);
  expect(told[2]).toMatchObject({ profitAbs: 3, profitRatio: 0.1, openedAt: at, pair: 'A/B' });
  expect(told[0]).not.toHaveProperty('profitAbs');
  expect(listedTrades('alpha', 'nothing')).toEqual([]);
});

test('trades are asked for when one was entered or left, and not else', () => {
  const mark = tradesMark([{ trade_id: 1 }, { trade_id: 2 }], { closed_trade_count: 0 });
  expect(tradesMark([{ trade_id: 2 }, { trade_id: 1 }], { closed_trade_count: 0 })).toBe(mark);
  expect(tradesMark([{ trade_id: 1 }], { closed_trade_count: 1 })).not.toBe(mark);
});

test('a bot that does not answer is asked less and less often', () => {
  expect([0, 1, 2, 3, 20].map((failures) => waitMs(10_000, failures))).toEqual([
    ...[10_000, 20_000, 40_000, 60_000, 60_000],
  ]);
  expect(waitMs(300_000, 5)).toBe(300_000);
});
