import type { FakeFreqtradeState } from './fake-freqtrade.ts';
import { isOpen, profitOfTrade, type FakeTrade } from './trade.ts';

// The shapes of freqtrade/rpc/api_server/api_schemas.py.

const DAY_MS = 86_400_000;
const date = (ms: number) => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export function configOf(bot: FakeFreqtradeState): object {
  const isTrading = bot.state !== 'webserver';
  return {
    ...{ version: '2026.4', strategy_version: null, api_version: 2.42, dry_run: bot.dryRun },
    ...{ trading_mode: 'spot', short_allowed: false, stake_currency: 'USDT' },
    ...{ stake_amount: 'unlimited', available_capital: null, stake_currency_decimals: 3 },
    ...{ max_open_trades: bot.maxOpenTrades, minimal_roi: { '0': 0.1 }, stoploss: -0.1 },
    ...{ stoploss_on_exchange: false, trailing_stop: false, timeframe: '5m' },
    ...{ timeframe_ms: 300_000, timeframe_min: 5, exchange: bot.exchange },
    ...{ strategy: isTrading ? bot.strategy : null, force_entry_enable: false },
    ...{ exit_pricing: {}, entry_pricing: {}, bot_name: bot.botName },
    ...{ state: isTrading ? bot.state : '', runmode: isTrading ? 'dry_run' : 'webserver' },
    ...{ position_adjustment_enable: false, max_entry_position_adjustment: -1 },
  };
}

/** Open trades, with the present rate. */
export function statusOf({ trades, strategy }: FakeFreqtradeState): object[] {
  return trades.filter(isOpen).map((trade) => {
    const { abs, ratio } = profitOfTrade(trade);
    return {
      ...tradeOf(trade, strategy),
      ...{ current_rate: trade.currentRate, profit_ratio: ratio, profit_pct: ratio * 100 },
      ...{ profit_abs: abs, profit_fiat: null, total_profit_abs: abs, total_profit_fiat: null },
      ...{ total_profit_ratio: ratio, stoploss_current_dist: null, stoploss_entry_dist: null },
    };
  });
}

function tradeOf(trade: FakeTrade, strategy: string): object {
  const [base, quote] = trade.pair.split('/');
  const { abs, ratio } = profitOfTrade(trade);
  const closed = trade.closedAtMs;
  return {
    ...{ trade_id: trade.id, pair: trade.pair, base_currency: base, quote_currency: quote },
    ...{ is_open: isOpen(trade), is_short: trade.isShort ?? false, exchange: 'binance' },
    ...{ amount: trade.amount, amount_requested: trade.amount },
    ...{ stake_amount: trade.amount * trade.openRate, max_stake_amount: null, strategy },
    ...{ enter_tag: trade.enterTag ?? null, timeframe: 5, fee_open: 0, fee_close: 0 },
    ...{ open_date: date(trade.openedAtMs), open_timestamp: trade.openedAtMs },
    ...{ open_fill_date: date(trade.openedAtMs), open_fill_timestamp: trade.openedAtMs },
    ...{ open_rate: trade.openRate, open_trade_value: trade.amount * trade.openRate },
    close_date: closed === undefined ? null : date(closed),
    close_timestamp: closed ?? null,
    close_rate: trade.closeRate ?? null,
    close_profit: closed === undefined ? null : ratio,
    close_profit_pct: closed === undefined ? null : ratio * 100,
    close_profit_abs: closed === undefined ? null : abs,
    ...{ profit_ratio: ratio, profit_pct: ratio * 100, profit_abs: abs, realized_profit: 0 },
    ...{ exit_reason: trade.exitReason ?? null, exit_order_status: null, leverage: 1 },
    ...{ has_open_orders: false, orders: [], stop_loss_abs: null, min_rate: null, max_rate: null },
  };
}

export function profitOf({ trades, startingBalance }: FakeFreqtradeState): object {
  const closed = trades.filter((trade) => !isOpen(trade)).map(profitOfTrade);
  const closedAbs = sum(closed.map(({ abs }) => abs));
  const allAbs = sum(trades.map((trade) => profitOfTrade(trade).abs));
  const opened = trades.map(({ openedAtMs }) => openedAtMs);
  const hasTraded = trades.length > 0;
  const first = hasTraded ? Math.min(...opened) : 0;
  const latest = hasTraded ? Math.max(...opened) : 0;
  return {
    ...{ profit_closed_coin: closedAbs, profit_closed_ratio: closedAbs / startingBalance },
    ...{ profit_closed_percent: (100 * closedAbs) / startingBalance, profit_closed_fiat: 0 },
    ...{ profit_all_coin: allAbs, profit_all_ratio: allAbs / startingBalance, profit_all_fiat: 0 },
    ...{ trade_count: trades.length, closed_trade_count: closed.length },
    first_trade_date: hasTraded ? date(first) : '',
    ...{ first_trade_humanized: hasTraded ? '2 days ago' : '', first_trade_timestamp: first },
    latest_trade_date: hasTraded ? date(latest) : '',
    ...{ latest_trade_humanized: hasTraded ? '2 days ago' : '', latest_trade_timestamp: latest },
    ...{ avg_duration: '0:00:00', best_pair: '', best_rate: 0, best_pair_profit_ratio: 0 },
    winning_trades: closed.filter(({ abs }) => abs > 0).length,
    losing_trades: closed.filter(({ abs }) => abs <= 0).length,
    // Infinite while nothing was lost, which its JSON writes as null.
    ...{ profit_factor: null, winrate: 0, expectancy: 0, expectancy_ratio: 100 },
    ...{ max_drawdown: 0, max_drawdown_abs: 0, trading_volume: null },
    ...{ bot_start_timestamp: Date.now() - DAY_MS, bot_start_date: date(Date.now() - DAY_MS) },
  };
}

export function countOf({ trades, maxOpenTrades }: FakeFreqtradeState): object {
  const open = trades.filter(isOpen);
  const stake = sum(open.map(({ amount, openRate }) => amount * openRate));
  return { current: open.length, max: maxOpenTrades, total_stake: stake };
}

export function balanceOf(bot: FakeFreqtradeState): object {
  const closed = bot.trades.filter((trade) => !isOpen(trade)).map(profitOfTrade);
  const total = bot.startingBalance + sum(closed.map(({ abs }) => abs));
  return {
    ...{ currencies: [], total, total_bot: total, symbol: 'USD', value: total, value_bot: total },
    ...{ stake: 'USDT', note: bot.dryRun ? 'Simulated balances' : '' },
    ...{ starting_capital: bot.startingBalance, starting_capital_ratio: 0 },
  };
}

export function tradesOf(bot: FakeFreqtradeState, query: URLSearchParams): object {
  const limit = Number(query.get('limit') ?? 500);
  const closed = bot.trades.filter((trade) => !isOpen(trade));
  const byId = closed.toSorted((a, b) => a.id - b.id);
  const byEnd = closed.toSorted((a, b) => (b.closedAtMs ?? 0) - (a.closedAtMs ?? 0));
  const list = (query.get('order_by_id') === 'false' ? byEnd : byId).slice(0, limit);
  return {
    trades: list.map((trade) => tradeOf(trade, bot.strategy)),
    ...{ trades_count: list.length, offset: 0, total_trades: closed.length },
  };
}
