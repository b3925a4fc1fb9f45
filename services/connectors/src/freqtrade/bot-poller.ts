import type { BotProblem, BotSampledData, BotTradeData } from '@llm-monitor/contracts/events';
import type { Logger } from '@llm-monitor/runtime';

import { BotError } from './bot-error.ts';
import type { BotPublisher } from './bot-publisher.ts';
import type { Bot } from './bots-config.ts';
import type { FreqtradeClient } from './freqtrade-client.ts';
import { listedTrades, tradesMark } from './listed-trades.ts';
import { toAbsence, toSample, type Answers } from './to-sample.ts';

/** A bot that does not answer is asked less and less often, at least once in this time. */
const LONGEST_WAIT_MS = 60_000;
/** For a balance the bot asks its exchange. */
const BALANCE_EVERY_MS = 60_000;
/** Trades of the time in which nobody looked. */
const LISTED_TRADES = 50;

export interface BotPoller {
  readonly bot: Bot;
  /** Undefined before the first answer, or the first lack of one. */
  state(): { problem?: BotProblem | undefined } | undefined;
  stop(): Promise<void>;
}

export interface PollerParts {
  bot: Bot;
  client: FreqtradeClient;
  publisher: BotPublisher;
  log: Logger;
  /** ms since 1970 */
  now(): number;
  /** Resolves after so long, or as soon as the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Asks one bot again and again, and says what it found. Bots know nothing of each other. */
export function startBotPoller(parts: PollerParts): BotPoller {
  const { bot, client, publisher, log } = parts;
  const stopping = new AbortController();
  let state: { problem?: BotProblem | undefined } | undefined;
  let last: BotSampledData | undefined;
  let balance: { answer: unknown; atMs: number } | undefined;
  let toldMark: string | undefined;
  let hasSaidUntold = false;

  const ask = async (): Promise<{ answers: Answers; problem?: BotProblem }> => {
    const problems: BotProblem[] = [];
    const part = async (path: string) => {
      try {
        return await client.get(path);
      } catch (error) {
        // A bot whose trader does not run answers some questions and not others.
        if (!(error instanceof BotError) || !isPartial(error)) throw error;
        problems.push(toProblem(error));
        return undefined;
      }
    };
    const config = await part('/show_config');
    const [status, profit, count] = await Promise.all(
      ['/status', '/profit', '/count'].map((path) => part(path)),
    );
    if (!balance || parts.now() - balance.atMs >= BALANCE_EVERY_MS) {
      balance = { answer: await part('/balance'), atMs: parts.now() };
    }
    const answers = { config, status, profit, count, balance: balance.answer };
    return { answers, ...(problems[0] ? { problem: problems[0] } : {}) };
  };

  const tellTrades = async ({ status, profit }: Answers) => {
    const mark = tradesMark(status, profit);
    if (mark === toldMark || status === undefined) return;
    const listed = await client.get(`/trades?limit=${LISTED_TRADES}&order_by_id=false`);
    const trades = [...listedTrades(bot.name, listed), ...listedTrades(bot.name, status)];
    for (const trade of latestOf(trades)) await publisher.trade(trade);
    toldMark = mark;
    hasSaidUntold = false;
  };

  const poll = async (): Promise<boolean> => {
    try {
      const { answers, problem } = await ask();
      const at = new Date(parts.now()).toISOString();
      last = toSample(bot, answers, { at, problem });
      publisher.sampled(last);
      say(problem);
      await tellTrades(answers);
      return true;
    } catch (error) {
      if (stopping.signal.aborted) return false;
      if (!(error instanceof BotError)) {
        if (!hasSaidUntold) {
          log.warn({ err: error, bot: bot.name }, 'trades could not be told; they are told later');
        }
        hasSaidUntold = true;
        return true;
      }
      balance = undefined;
      const problem = toProblem(error);
      publisher.sampled(toAbsence(bot, problem, last));
      say(problem);
      return false;
    }
  };

  /** Once for each problem, and when it is over. */
  const say = (problem: BotProblem | undefined) => {
    const before = state?.problem;
    if (problem && problem.kind !== before?.kind) {
      log.warn({ bot: bot.name, problem: problem.kind }, problem.detail);
    } else if (!problem && (before || !state)) log.info({ bot: bot.name }, 'the bot answers');
    state = { problem };
  };

  const loop = async () => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      failures = (await poll()) ? 0 : failures + 1;
      await parts.wait(waitMs(bot.intervalMs, failures), stopping.signal);
    }
  };
  const ended = loop();

  return {
    bot,
    state: () => state,
    async stop() {
      stopping.abort();
      await client.close();
      await ended;
    },
  };
}

/** How long until the next question: longer with every failure, unless it is long anyway. */
export function waitMs(intervalMs: number, failures: number): number {
  const longest = Math.max(intervalMs, LONGEST_WAIT_MS);
  return Math.min(intervalMs * 2 ** Math.min(failures, 10), longest);
}

const isPartial = ({ kind }: BotError) => kind === 'not-trading' || kind === 'refused';

const toProblem = ({ kind, message }: BotError): BotProblem => ({
  kind,
  detail: message.slice(0, 1024),
});

/** One of each: the list of trades and that of the open ones overlap. */
function latestOf(trades: readonly BotTradeData[]): BotTradeData[] {
  return [...new Map(trades.map((trade) => [`${trade.tradeId}:${trade.kind}`, trade])).values()];
}
