import { Type, type Static, type TSchema } from '../typebox/index.ts';

import { BotProblem } from '../events/bot.ts';
import { EndedRequest } from './requests.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const iso = (description: string) => Type.String({ format: 'date-time', description });
const money = (description: string) =>
  nullable(Type.Number({ description: `${description}, in the stake currency` }));
const percent = (description: string) => nullable(Type.Number({ description }));

const bot = {
  name: Type.String(),
  online: Type.Boolean({
    description: 'it was heard of lately and answers; else what changes by itself is null',
  }),
  watched: Type.Boolean({
    description: 'the connectors look at it; not when they are away, or no longer told of it',
  }),
  last_seen: iso('when it was last looked at'),
  answered_at: nullable(iso('when it last answered')),
  problem: nullable(BotProblem),
  state: nullable(Type.String({ description: 'running, paused, stopped, reload_config …' })),
  address: Type.String(),
  apps: Type.Array(Type.String({ description: 'an app whose calls belong to it' })),
  dry_run: nullable(Type.Boolean({ description: 'it trades with no real money' })),
  exchange: nullable(Type.String()),
  strategy: nullable(Type.String()),
  version: nullable(Type.String({ description: 'of Freqtrade' })),
  trading_mode: nullable(Type.String()),
  timeframe: nullable(Type.String()),
  stake_currency: nullable(Type.String()),
  open_trade_count: nullable(Type.Integer()),
  max_open_trades: nullable(Type.Integer({ description: 'null: any number, or not known' })),
  open_trades: Type.Array(
    Type.Object({
      trade_id: Type.String(),
      pair: Type.String(),
      is_short: Type.Boolean(),
      amount: nullable(Type.Number({ description: 'of the base currency' })),
      stake_amount: money('what was put in'),
      open_rate: nullable(Type.Number()),
      current_rate: nullable(Type.Number()),
      profit: money('at the present rate'),
      profit_percent: percent('the same, of what was put in'),
      opened_at: nullable(iso('when it was opened')),
      enter_tag: nullable(Type.String()),
    }),
  ),
  profit: nullable(
    Type.Object({
      closed: money('of the closed trades'),
      closed_percent: percent('of the capital at the start'),
      all: money('of all trades, the open ones at their present rate'),
      all_percent: percent('of the capital at the start'),
      closed_trades: nullable(Type.Integer()),
      winning_trades: nullable(Type.Integer()),
      losing_trades: nullable(Type.Integer()),
    }),
  ),
  balance: nullable(
    Type.Object({
      total: nullable(Type.Number()),
      currency: nullable(Type.String()),
      value: nullable(Type.Number({ description: 'in fiat' })),
      fiat: nullable(Type.String()),
    }),
  ),
};

/** One trading bot of `GET /api/bots`. */
export const Bot = Type.Object(bot, { $id: 'Bot' });
export type Bot = Static<typeof Bot>;

/** What became of one trade of a bot, from all that was told of it. */
export const BotTrade = Type.Object({
  trade_id: Type.String(),
  pair: nullable(Type.String()),
  is_short: nullable(Type.Boolean()),
  status: Type.Enum(['opening', 'open', 'closing', 'closed', 'cancelled']),
  amount: nullable(Type.Number()),
  stake_amount: money('what was put in'),
  open_rate: nullable(Type.Number()),
  close_rate: nullable(Type.Number()),
  profit: money('once it is closed'),
  profit_percent: percent('the same, of what was put in'),
  enter_tag: nullable(Type.String()),
  exit_reason: nullable(Type.String()),
  opened_at: nullable(iso('when it was opened')),
  closed_at: nullable(iso('when it was closed')),
  /** Of each of the bot's apps: path and query of its calls from five minutes before the trade to its end. */
  calls: Type.Array(Type.Object({ app: Type.String(), link: Type.String() })),
});
export type BotTrade = Static<typeof BotTrade>;

/** `GET /api/bots/:name`: a bot, and what it and the calls of its apps did in a time. */
export const BotDetails = Type.Object(
  {
    ...bot,
    from: iso('the beginning of the time'),
    to: iso('its end'),
    trades: Type.Array(BotTrade, { description: 'open in that time; the newest first' }),
    messages: Type.Array(Type.Object({ at: iso('when it came'), text: Type.String() }), {
      description: 'what the bot said of itself, the newest first',
    }),
    profit_series: Type.Array(
      Type.Object({
        t: iso('the beginning of the step'),
        closed: money('of closed trades, at the end of the step'),
        all: money('of all trades'),
        open_trades: nullable(Type.Integer()),
      }),
      { description: 'from old to new; null where the bot said nothing' },
    ),
    step: Type.Integer({ description: 'of the series, seconds' }),
    calls: Type.Array(Type.Object(EndedRequest.properties), {
      description: 'calls of its apps that ended in that time, the newest first; at most 500',
    }),
  },
  { $id: 'BotDetails' },
);
export type BotDetails = Static<typeof BotDetails>;
