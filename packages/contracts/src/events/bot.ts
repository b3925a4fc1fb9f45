import { Type, type Static, type TSchema } from '../typebox/index.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const name = Type.String({ minLength: 1, maxLength: 256 });
/** Prices, amounts and profits: nothing real comes near the bounds. */
const amount = Type.Number({ minimum: -1e15, maximum: 1e15 });
const count = Type.Integer({ minimum: 0, maximum: 1e9 });
/** RFC 3339. */
const time = Type.String({ maxLength: 40 });
const short = Type.String({ maxLength: 128 });

/** A bot's name, also the last token of its subjects. */
export const BOT_NAME_PATTERN = '^[A-Za-z0-9_-]{1,64}$';

/** Most open trades in one sample; a bot that has more says how many. */
export const MAX_OPEN_TRADES = 100;

/** Why a bot does not say all of itself. */
export const BotProblem = Type.Object({
  kind: Type.Enum([
    'unreachable',
    'timeout',
    'tls',
    'login',
    'not-freqtrade',
    'not-trading',
    'refused',
  ]),
  /** For a person: what is wrong and what to do. */
  detail: Type.String({ maxLength: 1024 }),
});
export type BotProblem = Static<typeof BotProblem>;

/** A trade that is open. Money is in the stake currency, ratios are of 1. */
export const BotOpenTrade = Type.Object({
  tradeId: name,
  pair: name,
  isShort: Type.Boolean(),
  /** Of the base currency. */
  amount: nullable(amount),
  stakeAmount: nullable(amount),
  openRate: nullable(amount),
  currentRate: nullable(amount),
  profitAbs: nullable(amount),
  profitRatio: nullable(amount),
  openedAt: nullable(time),
  enterTag: Type.Optional(Type.String({ maxLength: 256 })),
  leverage: Type.Optional(nullable(amount)),
});
export type BotOpenTrade = Static<typeof BotOpenTrade>;

/** What a bot earned since it began, in the stake currency; ratios are of 1. */
export const BotProfit = Type.Object({
  closedAbs: nullable(amount),
  closedRatio: nullable(amount),
  /** With what is open, at its present rate. */
  allAbs: nullable(amount),
  allRatio: nullable(amount),
  closedTrades: nullable(count),
  winningTrades: nullable(count),
  losingTrades: nullable(count),
});
export type BotProfit = Static<typeof BotProfit>;

/** `data` of `llm.bot.sampled.v1`: the whole state of a trading bot. What is not known is null. */
export const BotSampledData = Type.Object({
  bot: Type.String({ pattern: BOT_NAME_PATTERN }),
  /** Apps whose LLM calls belong to it. */
  apps: Type.Array(name, { maxItems: 32 }),
  /** Without credentials. */
  address: Type.String({ maxLength: 512 }),
  /** Did it answer? */
  reachable: Type.Boolean(),
  /** When it last did; null: not since it is watched. */
  answeredAt: nullable(time),
  /** Absent when there is none. */
  problem: Type.Optional(BotProblem),
  /** `running`, `paused`, `stopped`, `reload_config` …; null while it is not known. */
  state: nullable(short),
  dryRun: nullable(Type.Boolean()),
  exchange: nullable(short),
  strategy: nullable(short),
  version: nullable(short),
  tradingMode: nullable(short),
  timeframe: nullable(short),
  stakeCurrency: nullable(short),
  /** Null: any number, or not known. */
  maxOpenTrades: nullable(count),
  openTradeCount: nullable(count),
  /** Null: not known. */
  openTrades: nullable(Type.Array(BotOpenTrade, { maxItems: MAX_OPEN_TRADES })),
  profit: nullable(BotProfit),
  balance: nullable(
    Type.Object({
      /** All that it may trade with, in `currency`. */
      total: nullable(amount),
      currency: nullable(short),
      /** The same in fiat. */
      value: nullable(amount),
      fiat: nullable(short),
    }),
  ),
  /** How often it is sampled. */
  intervalSeconds: Type.Number({ minimum: 1, maximum: 86_400 }),
});
export type BotSampledData = Static<typeof BotSampledData>;

/** What can happen to a trade; `status` is a message of the bot itself. */
export const BOT_TRADE_KINDS = [
  'entry',
  'entry_fill',
  'entry_cancel',
  'exit',
  'exit_fill',
  'exit_cancel',
  'status',
] as const;
export type BotTradeKind = (typeof BOT_TRADE_KINDS)[number];

/** `data` of `llm.bot.trade.v1`. Absent means not said. */
export const BotTradeData = Type.Object({
  bot: Type.String({ pattern: BOT_NAME_PATTERN }),
  kind: Type.Enum([...BOT_TRADE_KINDS]),
  /** Told by the bot itself, or seen in its list of trades. */
  source: Type.Enum(['webhook', 'poll']),
  tradeId: Type.Optional(name),
  pair: Type.Optional(name),
  isShort: Type.Optional(Type.Boolean()),
  amount: Type.Optional(amount),
  stakeAmount: Type.Optional(amount),
  stakeCurrency: Type.Optional(short),
  openRate: Type.Optional(amount),
  closeRate: Type.Optional(amount),
  /** In the stake currency. */
  profitAbs: Type.Optional(amount),
  /** Of 1. */
  profitRatio: Type.Optional(amount),
  enterTag: Type.Optional(Type.String({ maxLength: 256 })),
  exitReason: Type.Optional(Type.String({ maxLength: 256 })),
  openedAt: Type.Optional(time),
  closedAt: Type.Optional(time),
  /** What a `status` says. */
  text: Type.Optional(Type.String({ maxLength: 1024 })),
});
export type BotTradeData = Static<typeof BotTradeData>;
