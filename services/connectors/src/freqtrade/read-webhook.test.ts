import { BotTradeData } from '@llm-monitor/contracts/events';
import { Value } from '@llm-monitor/contracts/typebox/value';
import { describe, expect, test } from 'vitest';

import { readWebhook } from './read-webhook.ts';

const FORM = 'application/x-www-form-urlencoded';
const entry = {
  ...{ type: 'entry_fill', trade_id: '7', pair: 'ETH/USDT', direction: 'Long' },
  ...{ amount: '0.5', stake_amount: '1000.0', stake_currency: 'USDT', open_rate: '2000.0' },
  ...{ enter_tag: 'None', open_date: '2026-05-01 10:00:00.123456+00:00', value1: 'whatever' },
};
const trade = (contentType: string, body: string) => {
  const webhook = readWebhook(contentType, body);
  if (!('trade' in webhook)) throw new Error(webhook.problem);
  expect(Value.Errors(BotTradeData, { bot: 'alpha', ...webhook.trade })).toEqual([]);
  return webhook.trade;
};
const read = {
  ...{ kind: 'entry_fill', source: 'webhook', tradeId: '7', pair: 'ETH/USDT', isShort: false },
  ...{ amount: 0.5, stakeAmount: 1000, stakeCurrency: 'USDT', openRate: 2000 },
  openedAt: '2026-05-01T10:00:00.123Z',
};

describe('a webhook of Freqtrade', () => {
  test.each([
    ['form', FORM, new URLSearchParams(entry).toString()],
    ['json', 'application/json', JSON.stringify(entry)],
    ['raw, whose text is JSON', 'text/plain', JSON.stringify(entry)],
  ])('is read in the format %s', (_, contentType, body) => {
    expect(trade(contentType, body)).toEqual(read);
  });

  test('of an end has what it earned', () => {
    const exit = {
      ...{ type: 'exit_fill', trade_id: 7, pair: 'ETH/USDT', direction: 'Short' },
      ...{ close_rate: '1900', profit_amount: '-12.5', profit_ratio: '-0.0125' },
      ...{ exit_reason: 'stop_loss', close_date: '2026-05-01 11:00:00' },
    };
    expect(trade('application/json', JSON.stringify(exit))).toEqual({
      ...{ kind: 'exit_fill', source: 'webhook', tradeId: '7', pair: 'ETH/USDT', isShort: true },
      ...{ closeRate: 1900, profitAbs: -12.5, profitRatio: -0.0125, exitReason: 'stop_loss' },
      closedAt: '2026-05-01T11:00:00.000Z',
    });
  });

  test('in the words of before 2022 is understood', () => {
    expect(trade(FORM, 'type=sell&limit=3&trade_id=1')).toMatchObject({
      ...{ kind: 'exit', closeRate: 3 },
    });
    expect(trade(FORM, 'type=buy&limit=3&buy_tag=dip')).toMatchObject({
      ...{ kind: 'entry', openRate: 3, enterTag: 'dip' },
    });
  });

  test('that only says something is a status', () => {
    const status = { kind: 'status', source: 'webhook', text: 'running' };
    expect(trade('text/plain', 'running')).toEqual(status);
    expect(trade(FORM, 'type=startup&status=running')).toEqual(status);
    const long = trade('text/plain', 'x'.repeat(5000));
    expect(long.text).toHaveLength(1024);
  });

  test.each([
    [FORM, 'value1=Buying', /"type"/],
    ['application/json', '{"type":"whitelist"}', /"whitelist" is none of entry/],
    ['application/json', '{"type":"constructor"}', /is none of/],
    ['application/json', '{', /not the application\/json/],
    ['application/json', '[]', /not the application\/json/],
  ])('that cannot be used is refused with what to do: %s %s', (contentType, body, expected) => {
    expect(readWebhook(contentType, body)).toEqual({ problem: expect.stringMatching(expected) });
  });

  test('with numbers that are none leaves them out', () => {
    const odd = { type: 'exit', amount: 'nan', profit_amount: '1e400', open_rate: 'None' };
    expect(trade('application/json', JSON.stringify(odd))).toEqual({
      ...{ kind: 'exit', source: 'webhook' },
    });
  });
});
