import {
  MAX_OPEN_TRADES,
  type BotOpenTrade,
  type BotProblem,
  type BotProfit,
  type BotSampledData,
} from '@llm-monitor/contracts/events';

import type { Bot } from './bots-config.ts';
import { intOf, numberOf, textOf, timeOf, type Fields } from './read-fields.ts';

/** What a bot's API said; undefined is what it did not. */
export interface Answers {
  config?: unknown;
  status?: unknown;
  profit?: unknown;
  count?: unknown;
  balance?: unknown;
}

/** What is known of a bot while it says nothing: it does not change by itself. */
type Lasting = Pick<
  BotSampledData,
  'dryRun' | 'exchange' | 'strategy' | 'version' | 'tradingMode' | 'timeframe' | 'stakeCurrency'
>;
type Identity = Pick<Bot, 'name' | 'url' | 'apps' | 'intervalMs'>;

export function toSample(
  bot: Identity,
  answers: Answers,
  seen: { at: string; problem?: BotProblem | undefined },
): BotSampledData {
  const config = fields(answers.config);
  const count = fields(answers.count);
  const balance = answers.balance === undefined ? undefined : fields(answers.balance);
  return {
    ...identityOf(bot),
    ...{ reachable: true, answeredAt: seen.at },
    ...(seen.problem ? { problem: seen.problem } : {}),
    state: textOf(config['state']) ?? null,
    ...lastingOf(config),
    // "Any number" is -1 or null.
    maxOpenTrades: positive(intOf(config['max_open_trades']) ?? intOf(count['max'])),
    openTradeCount: intOf(count['current']) ?? null,
    openTrades: Array.isArray(answers.status)
      ? answers.status.slice(0, MAX_OPEN_TRADES).map((trade) => toOpenTrade(fields(trade)))
      : null,
    profit: answers.profit === undefined ? null : toProfit(fields(answers.profit)),
    balance: balance
      ? {
          total: numberOf(balance['total_bot']) ?? numberOf(balance['total']) ?? null,
          currency: textOf(balance['stake']) ?? null,
          value: numberOf(balance['value_bot']) ?? numberOf(balance['value']) ?? null,
          fiat: textOf(balance['symbol']) ?? null,
        }
      : null,
  };
}

/** Of a bot that does not answer: why, and what does not change by itself. */
export function toAbsence(
  bot: Identity,
  problem: BotProblem,
  last: BotSampledData | undefined,
): BotSampledData {
  return {
    ...identityOf(bot),
    ...{ reachable: false, answeredAt: last?.answeredAt ?? null, problem, state: null },
    dryRun: last?.dryRun ?? null,
    exchange: last?.exchange ?? null,
    strategy: last?.strategy ?? null,
    version: last?.version ?? null,
    tradingMode: last?.tradingMode ?? null,
    timeframe: last?.timeframe ?? null,
    stakeCurrency: last?.stakeCurrency ?? null,
    maxOpenTrades: last?.maxOpenTrades ?? null,
    ...{ openTradeCount: null, openTrades: null, profit: null, balance: null },
  };
}

const identityOf = (bot: Identity) => ({
  ...{ bot: bot.name, apps: bot.apps, address: bot.url.slice(0, 512) },
  intervalSeconds: bot.intervalMs / 1000,
});

function lastingOf(config: Fields): Lasting {
  return {
    dryRun: typeof config['dry_run'] === 'boolean' ? config['dry_run'] : null,
    exchange: textOf(config['exchange']) ?? null,
    strategy: textOf(config['strategy']) ?? null,
    version: textOf(config['version']) ?? null,
    tradingMode: textOf(config['trading_mode']) ?? null,
    timeframe: textOf(config['timeframe']) ?? null,
    stakeCurrency: textOf(config['stake_currency']) ?? null,
  };
}

function toOpenTrade(trade: Fields): BotOpenTrade {
  const enterTag = textOf(trade['enter_tag'], 256);
  return {
    tradeId: textOf(trade['trade_id']) ?? '?',
    pair: textOf(trade['pair']) ?? '?',
    isShort: trade['is_short'] === true,
    amount: numberOf(trade['amount']) ?? null,
    stakeAmount: numberOf(trade['stake_amount']) ?? null,
    openRate: numberOf(trade['open_rate']) ?? null,
    currentRate: numberOf(trade['current_rate']) ?? null,
    profitAbs: numberOf(trade['total_profit_abs']) ?? numberOf(trade['profit_abs']) ?? null,
    profitRatio: numberOf(trade['total_profit_ratio']) ?? numberOf(trade['profit_ratio']) ?? null,
    openedAt: timeOf(trade['open_timestamp']) ?? timeOf(trade['open_date']) ?? null,
    leverage: numberOf(trade['leverage']) ?? null,
    ...(enterTag === undefined ? {} : { enterTag }),
  };
}

function toProfit(profit: Fields): BotProfit {
  return {
    closedAbs: numberOf(profit['profit_closed_coin']) ?? null,
    closedRatio: numberOf(profit['profit_closed_ratio']) ?? null,
    allAbs: numberOf(profit['profit_all_coin']) ?? null,
    allRatio: numberOf(profit['profit_all_ratio']) ?? null,
    closedTrades: positive(intOf(profit['closed_trade_count'])),
    winningTrades: positive(intOf(profit['winning_trades'])),
    losingTrades: positive(intOf(profit['losing_trades'])),
  };
}

const positive = (value: number | undefined): number | null =>
  value !== undefined && value >= 0 ? value : null;

/** Whatever it is, as something that fields can be asked of. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
