import type { BotTradeData } from '@llm-monitor/contracts/events';

import { numberOf, textOf, timeOf } from './read-fields.ts';
import { known } from './read-webhook.ts';
import { fields } from './to-sample.ts';

/**
 * What the bot's own list of trades tells: each was entered, and those that are closed were left. Said again it is the same.
 * @param answer of `/trades`, or a list like it
 */
export function listedTrades(bot: string, answer: unknown): BotTradeData[] {
  const { trades } = fields(answer);
  const list = Array.isArray(answer) ? answer : trades;
  return Array.isArray(list) ? list.flatMap((trade) => toTrades(bot, trade)) : [];
}

function toTrades(bot: string, given: unknown): BotTradeData[] {
  const trade = fields(given);
  const tradeId = textOf(trade['trade_id']);
  if (tradeId === undefined) return [];
  const entered: BotTradeData = {
    ...{ bot, kind: 'entry_fill', source: 'poll', tradeId },
    isShort: trade['is_short'] === true,
    ...known({
      pair: textOf(trade['pair']),
      amount: numberOf(trade['amount']),
      stakeAmount: numberOf(trade['stake_amount']),
      stakeCurrency: textOf(trade['quote_currency']),
      openRate: numberOf(trade['open_rate']),
      enterTag: textOf(trade['enter_tag'], 256),
      openedAt: timeOf(trade['open_timestamp']) ?? timeOf(trade['open_date']),
    }),
  };
  if (trade['is_open'] !== false) return [entered];
  const left: BotTradeData = {
    ...{ ...entered, kind: 'exit_fill' },
    ...known({
      closeRate: numberOf(trade['close_rate']),
      profitAbs: numberOf(trade['close_profit_abs']) ?? numberOf(trade['profit_abs']),
      profitRatio: numberOf(trade['close_profit']) ?? numberOf(trade['profit_ratio']),
      exitReason: textOf(trade['exit_reason'], 256),
      closedAt: timeOf(trade['close_timestamp']) ?? timeOf(trade['close_date']),
    }),
  };
  return [entered, left];
}

/** What changes when a trade was entered or left: which are open, and how many are closed. */
export function tradesMark(status: unknown, profit: unknown): string {
  const open = Array.isArray(status) ? status : [];
  const ids = open.map((trade) => textOf(fields(trade)['trade_id']) ?? '?');
  ids.sort((a, b) => (a < b ? -1 : 1));
  return `${ids.join(',')}|${String(fields(profit)['closed_trade_count'])}`;
}
