import type { BotTradeData } from '@llm-monitor/contracts/events';
import type { StoredBotTrade } from '@llm-monitor/contracts/redis';
import type { BotTrade } from '@llm-monitor/contracts/rest';

import { toPercent } from './to-bot.ts';

/** The calls that led to a trade were made before it. */
const LEAD_MS = 5 * 60_000;

type Merged = Omit<BotTrade, 'calls'>;

/** One trade each, from all that was told of it: by webhooks, by the bot's list, or by both. The newest first. */
export function mergeTrades(told: readonly StoredBotTrade[]): Merged[] {
  const byTrade = new Map<string, StoredBotTrade[]>();
  for (const each of told) {
    const { tradeId } = each.trade;
    if (tradeId === undefined) continue;
    byTrade.set(tradeId, [...(byTrade.get(tradeId) ?? []), each]);
  }
  return [...byTrade]
    .map(([id, all]) => merge(id, all))
    .sort((a, b) => startMs(b) - startMs(a) || Number(b.trade_id) - Number(a.trade_id));
}

function merge(id: string, told: readonly StoredBotTrade[]): Merged {
  // The bot's own list knows best; a webhook says what its owner wrote into it.
  const byWorth = told.toSorted((a, b) => worth(b.trade) - worth(a.trade) || b.atMs - a.atMs);
  const first = <K extends keyof BotTradeData>(field: K): BotTradeData[K] | undefined =>
    byWorth.find(({ trade }) => trade[field] !== undefined)?.trade[field];
  const timeOf = (kind: BotTradeData['kind']) => {
    const found = byWorth.find(({ trade }) => trade.kind === kind);
    return found && new Date(found.atMs).toISOString();
  };
  const status = statusOf(told);
  const isOver = status === 'closed' || status === 'cancelled';
  return {
    ...{ trade_id: id, status },
    ...{ pair: first('pair') ?? null, is_short: first('isShort') ?? null },
    ...{ amount: first('amount') ?? null, stake_amount: first('stakeAmount') ?? null },
    ...{ open_rate: first('openRate') ?? null, close_rate: first('closeRate') ?? null },
    profit: status === 'closed' ? (first('profitAbs') ?? null) : null,
    profit_percent: status === 'closed' ? toPercent(first('profitRatio')) : null,
    ...{ enter_tag: first('enterTag') ?? null, exit_reason: first('exitReason') ?? null },
    opened_at: first('openedAt') ?? timeOf('entry_fill') ?? timeOf('entry') ?? null,
    closed_at: isOver
      ? (first('closedAt') ?? timeOf('exit_fill') ?? timeOf('entry_cancel') ?? null)
      : null,
  };
}

/** An end is worth more than a beginning, since it repeats that. */
const worth = ({ kind, source }: BotTradeData): number =>
  (source === 'poll' ? 2 : 0) + (kind === 'exit_fill' ? 1 : 0);

function statusOf(told: readonly StoredBotTrade[]): Merged['status'] {
  const at = (kind: BotTradeData['kind']) =>
    Math.max(...told.filter(({ trade }) => trade.kind === kind).map(({ atMs }) => atMs), 0);
  if (at('exit_fill') > 0) return 'closed';
  if (at('exit') > at('exit_cancel')) return 'closing';
  if (at('entry_fill') > 0 || at('exit_cancel') > 0) return 'open';
  return at('entry_cancel') >= at('entry') ? 'cancelled' : 'opening';
}

const startMs = ({ opened_at }: Merged): number => Date.parse(opened_at ?? '') || 0;

/** Was it open at some moment of this time? */
export function isOpenWithin(trade: Merged, span: { fromMs: number; toMs: number }): boolean {
  const endMs = trade.closed_at === null ? Infinity : Date.parse(trade.closed_at);
  return endMs >= span.fromMs && startMs(trade) < span.toMs;
}

/** Where the calls are that each of the bot's apps made for a trade. */
export function callsOf(trade: Merged, apps: readonly string[], nowMs: number): BotTrade['calls'] {
  if (trade.opened_at === null) return [];
  const from = new Date(startMs(trade) - LEAD_MS).toISOString();
  const to = trade.closed_at ?? new Date(nowMs).toISOString();
  return apps.map((app) => ({
    app,
    link: `/api/requests?${new URLSearchParams({ app, from, to }).toString()}`,
  }));
}
