import type { BotProblem, BotSampledData } from '@llm-monitor/contracts/events';
import type { StoredBot } from '@llm-monitor/contracts/redis';
import type { Bot } from '@llm-monitor/contracts/rest';

import { round } from '../round.ts';

/** A bot that does not answer is asked every minute at least, or as often as it was told. */
const LONGEST_WAIT_SECONDS = 60;
const MISSED = 2.5;

/** Is it still looked at? Not when the connectors are away, or when it is no longer named to them. */
function isBotWatched({ seenAtMs, sample }: StoredBot, nowMs: number): boolean {
  const everySeconds = Math.max(sample.intervalSeconds, LONGEST_WAIT_SECONDS);
  return nowMs - seenAtMs <= MISSED * everySeconds * 1000;
}

const UNWATCHED: BotProblem = {
  kind: 'unreachable',
  detail:
    'Nobody has looked at it lately: the connectors do not run, cannot reach NATS, or are no longer told of it.',
};

/** Of a bot that is not heard of, only what does not change by itself. */
export function toBot(stored: StoredBot, nowMs: number): Bot {
  const { seenAtMs, sample } = stored;
  const isWatched = isBotWatched(stored, nowMs);
  const now = isWatched && sample.reachable ? sample : undefined;
  return {
    name: sample.bot,
    online: now !== undefined,
    watched: isWatched,
    last_seen: new Date(seenAtMs).toISOString(),
    answered_at: sample.answeredAt,
    problem: isWatched ? (sample.problem ?? null) : UNWATCHED,
    state: now?.state ?? null,
    ...{ address: sample.address, apps: sample.apps },
    ...lastingOf(sample),
    open_trade_count: now?.openTradeCount ?? null,
    max_open_trades: sample.maxOpenTrades,
    open_trades: (now?.openTrades ?? []).map(toOpenTrade),
    profit: now?.profit ? toProfit(now.profit) : null,
    balance: now?.balance ?? null,
  };
}

const lastingOf = (sample: BotSampledData) => ({
  dry_run: sample.dryRun,
  exchange: sample.exchange,
  strategy: sample.strategy,
  version: sample.version,
  trading_mode: sample.tradingMode,
  timeframe: sample.timeframe,
  stake_currency: sample.stakeCurrency,
});

type OpenTrade = NonNullable<BotSampledData['openTrades']>[number];

const toOpenTrade = (trade: OpenTrade): Bot['open_trades'][number] => ({
  ...{ trade_id: trade.tradeId, pair: trade.pair, is_short: trade.isShort },
  ...{ amount: trade.amount, stake_amount: trade.stakeAmount },
  ...{ open_rate: trade.openRate, current_rate: trade.currentRate },
  ...{ profit: trade.profitAbs, profit_percent: toPercent(trade.profitRatio) },
  ...{ opened_at: trade.openedAt, enter_tag: trade.enterTag ?? null },
});

const toProfit = (profit: NonNullable<BotSampledData['profit']>): NonNullable<Bot['profit']> => ({
  ...{ closed: profit.closedAbs, closed_percent: toPercent(profit.closedRatio) },
  ...{ all: profit.allAbs, all_percent: toPercent(profit.allRatio) },
  closed_trades: profit.closedTrades,
  ...{ winning_trades: profit.winningTrades, losing_trades: profit.losingTrades },
});

/** Of a ratio of 1. */
export function toPercent(ratio: number | null | undefined): number | null {
  return ratio == null ? null : round(ratio * 100, 3);
}
