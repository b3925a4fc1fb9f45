import type { BotTradeData, BotTradeKind } from '@llm-monitor/contracts/events';

import { numberOf, textOf, timeOf, type Fields } from './read-fields.ts';

/** What a webhook says, or why it cannot be used. */
export type Webhook = { trade: Omit<BotTradeData, 'bot'> } | { problem: string };

/** Types of Freqtrade's messages, those of before 2022 and the bot's own words too. */
const KINDS: Readonly<Record<string, BotTradeKind>> = {
  entry: 'entry',
  buy: 'entry',
  entry_fill: 'entry_fill',
  buy_fill: 'entry_fill',
  entry_cancel: 'entry_cancel',
  buy_cancel: 'entry_cancel',
  exit: 'exit',
  sell: 'exit',
  exit_fill: 'exit_fill',
  sell_fill: 'exit_fill',
  exit_cancel: 'exit_cancel',
  sell_cancel: 'exit_cancel',
  status: 'status',
  startup: 'status',
  warning: 'status',
  exception: 'status',
  protection_trigger: 'status',
  protection_trigger_global: 'status',
};

const HINT =
  'Let the fields of every message have one of the name "type": for example "entry_fill": {"type": "entry_fill", "trade_id": "{trade_id}", "pair": "{pair}"}.';

/**
 * Reads a webhook in any of Freqtrade's formats: `form`, `json` and `raw`, whose text may be JSON, or what a status says.
 * Its fields are what the bot's owner wrote into its configuration, so only `type` is needed.
 */
export function readWebhook(contentType: string, body: string): Webhook {
  const said = readBody(contentType, body);
  if (said === undefined) return { problem: `This is not the ${contentType} that it says it is.` };
  const type = textOf(said['type']);
  if (type === undefined) return { problem: `It does not say what happened. ${HINT}` };
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) {
    return { problem: `"${type}" is none of ${Object.keys(KINDS).join(', ')}. ${HINT}` };
  }
  return { trade: kind === 'status' ? toStatus(said) : toTrade(kind, said) };
}

function readBody(contentType: string, body: string): Fields | undefined {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  const object = readObject(body);
  if (object !== undefined || contentType.startsWith('application/json')) return object;
  return { type: 'status', status: body };
}

function readObject(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

function toStatus(said: Fields): Omit<BotTradeData, 'bot'> {
  const text = textOf(said['status'] ?? said['reason'] ?? said['msg'], 1024);
  const pair = textOf(said['pair']);
  return {
    ...{ kind: 'status', source: 'webhook' },
    ...known({ text, pair: pair === '*' ? undefined : pair }),
  };
}

function toTrade(kind: BotTradeKind, said: Fields): Omit<BotTradeData, 'bot'> {
  const isExit = kind.startsWith('exit');
  const direction = textOf(said['direction'] ?? said['is_short'])?.toLowerCase();
  // Before 2022.4 a price was called "limit", of what was to be bought or sold.
  const limit = numberOf(said['limit'] ?? said['order_rate']);
  return {
    ...{ kind, source: 'webhook' },
    ...known({
      tradeId: textOf(said['trade_id']),
      pair: textOf(said['pair']),
      isShort: direction === undefined ? undefined : direction === 'short' || direction === 'true',
      amount: numberOf(said['amount']),
      stakeAmount: numberOf(said['stake_amount']),
      stakeCurrency: textOf(said['stake_currency']),
      openRate: numberOf(said['open_rate']) ?? (isExit ? undefined : limit),
      closeRate: isExit ? (numberOf(said['close_rate']) ?? limit) : undefined,
      profitAbs: isExit ? numberOf(said['profit_amount']) : undefined,
      profitRatio: isExit ? numberOf(said['profit_ratio']) : undefined,
      enterTag: textOf(said['enter_tag'] ?? said['buy_tag'], 256),
      exitReason: textOf(said['exit_reason'] ?? said['sell_reason'], 256),
      openedAt: timeOf(said['open_date']),
      closedAt: isExit ? timeOf(said['close_date']) : undefined,
    }),
  };
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Absent means not said. */
export function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Known<T>;
}
