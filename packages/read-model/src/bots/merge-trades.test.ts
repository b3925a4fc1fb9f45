import type { BotTradeData } from '@llm-monitor/contracts/events';
import { describe, expect, test } from 'vitest';

import { callsOf, isOpenWithin, mergeTrades } from './merge-trades.ts';

const NOON = Date.parse('2026-05-01T12:00:00Z');
const told = (minutes: number, kind: BotTradeData['kind'], data: Partial<BotTradeData> = {}) => ({
  atMs: NOON + minutes * 60_000,
  trade: { bot: 'alpha', kind, source: 'webhook', tradeId: '7', ...data } as BotTradeData,
});
const statusOf = (...all: ReturnType<typeof told>[]) => mergeTrades(all)[0]?.status;

describe('what was told of a trade', () => {
  test('says how it stands, whatever the order', () => {
    const [entry, fill] = [told(0, 'entry'), told(1, 'entry_fill')];
    expect(statusOf(entry)).toBe('opening');
    expect(statusOf(fill, entry)).toBe('open');
    expect(statusOf(entry, told(1, 'entry_cancel'))).toBe('cancelled');
    expect(statusOf(entry, fill, told(5, 'exit'))).toBe('closing');
    expect(statusOf(entry, fill, told(6, 'exit_cancel'), told(5, 'exit'))).toBe('open');
    expect(statusOf(told(9, 'exit_fill'), entry, fill)).toBe('closed');
  });

  test('is one trade, by what knows best', () => {
    const [trade] = mergeTrades([
      told(0, 'entry', { pair: 'ETH/USDT', enterTag: 'dip' }),
      told(9, 'exit_fill', { profitAbs: 1, exitReason: 'roi' }),
      told(9, 'exit_fill', { source: 'poll', profitAbs: 1.5, profitRatio: 0.015 }),
    ]);
    expect(trade).toMatchObject({
      ...{ trade_id: '7', pair: 'ETH/USDT', enter_tag: 'dip', exit_reason: 'roi' },
      ...{ profit: 1.5, profit_percent: 1.5, stake_amount: null },
      ...{ opened_at: '2026-05-01T12:00:00.000Z', closed_at: '2026-05-01T12:09:00.000Z' },
    });
  });

  test('comes with the newest first; what names no trade is none', () => {
    const trades = mergeTrades([
      told(0, 'entry_fill', { tradeId: '1' }),
      told(5, 'entry_fill', { tradeId: '2' }),
      { atMs: NOON, trade: { bot: 'alpha', kind: 'status', source: 'webhook', text: 'hi' } },
    ]);
    expect(trades.map(({ trade_id }) => trade_id)).toEqual(['2', '1']);
  });
});

test('a trade belongs to the times in which it was open', () => {
  const [closed] = mergeTrades([told(0, 'entry_fill'), told(9, 'exit_fill')]);
  const [open] = mergeTrades([told(0, 'entry_fill')]);
  const within = (trade: typeof open, from: number, to: number) =>
    trade && isOpenWithin(trade, { fromMs: NOON + from * 60_000, toMs: NOON + to * 60_000 });
  expect(within(closed, 5, 6)).toBe(true);
  expect(within(closed, 10, 20)).toBe(false);
  expect(within(open, 10, 20)).toBe(true);
  expect(within(open, -20, -10)).toBe(false);
});

test('its calls are those from before it to its end', () => {
  const [trade] = mergeTrades([told(0, 'entry_fill'), told(9, 'exit_fill')]);
  expect(trade && callsOf(trade, ['a b'], NOON)).toEqual([
    {
      app: 'a b',
      link: '/api/requests?app=a+b&from=2026-05-01T11%3A55%3A00.000Z&to=2026-05-01T12%3A09%3A00.000Z',
    },
  ]);
});
