import { useI18n, type Language } from '../../i18n/i18n.ts';
import { plural } from '../../i18n/plural.ts';

const en = {
  title: 'Bots',
  none: 'No trading bot is watched.',
  noneHint: 'Name your Freqtrade bots in `FREQTRADE_BOTS`: the guide says how.',
  bot: 'Bot',
  state: 'State',
  states: {
    running: 'Running',
    paused: 'Paused',
    stopped: 'Stopped',
    reload_config: 'Reloading',
    unknown: 'No trader',
    down: 'Down',
  },
  dryRun: 'dry run',
  live: 'real money',
  strategy: 'Strategy',
  exchange: 'Exchange',
  openTrades: 'Open trades',
  ofMost: (open: string, most: string) => `${open} of ${most}`,
  profit: 'Profit',
  closedProfit: 'Profit, closed trades',
  allProfit: 'With open trades',
  won: 'Won and lost',
  wonLost: (won: string, lost: string) => `${won} · ${lost}`,
  balance: 'Balance',
  answered: (ago: string) => `last answered ${ago} ago`,
  never: 'has never answered',
  since: 'Since',
  pair: 'Pair',
  amount: 'Amount',
  rate: 'Rate',
  rates: (from: string, to: string) => `${from} → ${to}`,
  opened: 'Opened',
  closed: 'Closed',
  reason: 'Reason',
  calls: 'Calls',
  callsOf: (app: string) => `calls of ${app}`,
  noOpen: 'No trade is open.',
  trades: 'Trades',
  noTrades: 'No trade in this time.',
  side: { long: 'long', short: 'short' },
  statuses: {
    opening: 'opening',
    open: 'open',
    closing: 'closing',
    closed: 'closed',
    cancelled: 'cancelled',
  },
  timeline: 'Trades and calls of the same time',
  timelineNote: (trades: string, n: number, calls: string, m: number) =>
    `${trades} ${plural(n, 'trade', 'trades')}, ${calls} ${plural(m, 'call', 'calls')}`,
  callLane: 'Calls of its apps',
  noCalls: 'No call of its apps ended in this time.',
  noApps: 'No app belongs to this bot: name them as `apps` in `FREQTRADE_BOTS`.',
  mostCalls: (n: string) => `The newest ${n} calls are shown.`,
  profitLine: 'Profit over time',
  profitNow: (from: string, to: string) => `from ${from} to ${to}`,
  noProfit: 'The bot said nothing of its profit in this time.',
  messages: 'What the bot said',
};

export type BotTexts = typeof en;

const it: BotTexts = {
  title: 'Bot',
  none: 'Nessun bot di trading è osservato.',
  noneHint: 'Indica i tuoi bot Freqtrade in `FREQTRADE_BOTS`: la guida spiega come.',
  bot: 'Bot',
  state: 'Stato',
  states: {
    running: 'In funzione',
    paused: 'In pausa',
    stopped: 'Fermo',
    reload_config: 'Ricarica',
    unknown: 'Senza trader',
    down: 'Non risponde',
  },
  dryRun: 'simulazione',
  live: 'denaro reale',
  strategy: 'Strategia',
  exchange: 'Exchange',
  openTrades: 'Operazioni aperte',
  ofMost: (open, most) => `${open} di ${most}`,
  profit: 'Profitto',
  closedProfit: 'Profitto, operazioni chiuse',
  allProfit: 'Con quelle aperte',
  won: 'Vinte e perse',
  wonLost: (won, lost) => `${won} · ${lost}`,
  balance: 'Saldo',
  answered: (ago) => `ultima risposta ${ago} fa`,
  never: 'non ha mai risposto',
  since: 'Da',
  pair: 'Coppia',
  amount: 'Quantità',
  rate: 'Prezzo',
  rates: (from, to) => `${from} → ${to}`,
  opened: 'Aperta',
  closed: 'Chiusa',
  reason: 'Motivo',
  calls: 'Chiamate',
  callsOf: (app) => `chiamate di ${app}`,
  noOpen: 'Nessuna operazione aperta.',
  trades: 'Operazioni',
  noTrades: 'Nessuna operazione in questo periodo.',
  side: { long: 'long', short: 'short' },
  statuses: {
    opening: 'in apertura',
    open: 'aperta',
    closing: 'in chiusura',
    closed: 'chiusa',
    cancelled: 'annullata',
  },
  timeline: 'Operazioni e chiamate dello stesso periodo',
  timelineNote: (trades, n, calls, m) =>
    `${trades} ${plural(n, 'operazione', 'operazioni')}, ${calls} ${plural(m, 'chiamata', 'chiamate')}`,
  callLane: 'Chiamate delle sue app',
  noCalls: 'Nessuna chiamata delle sue app è finita in questo periodo.',
  noApps: 'A questo bot non appartiene nessuna app: indicale come `apps` in `FREQTRADE_BOTS`.',
  mostCalls: (n) => `Sono mostrate le ${n} chiamate più recenti.`,
  profitLine: 'Profitto nel tempo',
  profitNow: (from, to) => `da ${from} a ${to}`,
  noProfit: 'Il bot non ha detto nulla del suo profitto in questo periodo.',
  messages: 'Che cosa ha detto il bot',
};

const TEXTS: Readonly<Record<Language, BotTexts>> = { en, it };

/** Texts of this page alone; they come with it. */
export function useBotTexts(): BotTexts {
  return TEXTS[useI18n().language];
}

/** Money and rates, with as many digits as they mean something by. */
export function useMoney(): {
  money(value: number | null, currency: string | null): string;
  gain(value: number | null, currency: string | null): string;
  rate(value: number | null): string;
  percent(value: number | null): string;
} {
  const { t, format } = useI18n();
  const plain = new Intl.NumberFormat(t.locale, { maximumSignificantDigits: 7 });
  const signed = new Intl.NumberFormat(t.locale, {
    maximumFractionDigits: 2,
    signDisplay: 'exceptZero',
  });
  const fine = new Intl.NumberFormat(t.locale, {
    maximumSignificantDigits: 4,
    signDisplay: 'exceptZero',
  });
  const unknown = format.count(null);
  // Sums of many trades end in the noise of floating point; no currency has more than eight decimals.
  const exact = (value: number) => Math.round(value * 1e8) / 1e8;
  const withUnit = (text: string, unit: string | null) => (unit ? `${text}\u00a0${unit}` : text);
  return {
    money: (value, currency) =>
      value === null ? unknown : withUnit(plain.format(exact(value)), currency),
    gain: (value, currency) =>
      value === null
        ? unknown
        : withUnit((Math.abs(value) >= 1 ? signed : fine).format(exact(value)), currency),
    rate: (value) => (value === null ? unknown : plain.format(value)),
    percent: (value) => (value === null ? unknown : withUnit(signed.format(value), '%')),
  };
}
