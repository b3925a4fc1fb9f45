import { STREAMS } from '../bus/streams.ts';
import { BotSampledData, BotTradeData } from '../events/bot.ts';
import type { PublicEvent } from './public-event.ts';

const common = { stream: STREAMS.telemetry, sentBy: ['connectors'] } as const;

/** What trading bots do, whose strategies ask models. */
export const BOT_EVENTS: readonly PublicEvent[] = [
  {
    ...common,
    name: 'botSampled',
    title: 'The state of a trading bot',
    address: 'llm.bot.sampled.{bot}',
    when: 'Each time that a bot is looked at, every 10 s unless configured, also when it does not answer.',
    ...{ type: 'llm.bot.sampled.v1', dataName: 'BotSampled', data: BotSampledData },
    example: {
      ...{ bot: 'alpha', apps: ['generator'], address: 'http://127.0.0.1:8080', reachable: true },
      ...{ answeredAt: '2026-05-10T09:12:30.000Z', state: 'running', dryRun: true },
      ...{ exchange: 'binance', strategy: 'LlmStrategy', version: '2026.4', tradingMode: 'spot' },
      ...{ timeframe: '5m', stakeCurrency: 'USDT', maxOpenTrades: 3, openTradeCount: 1 },
      openTrades: [
        {
          ...{ tradeId: '7', pair: 'ETH/USDT', isShort: false, amount: 0.5, stakeAmount: 1000 },
          ...{ openRate: 2000, currentRate: 2020, profitAbs: 10, profitRatio: 0.01 },
          openedAt: '2026-05-10T09:02:30.000Z',
        },
      ],
      profit: {
        ...{ closedAbs: 42.5, closedRatio: 0.0425, allAbs: 52.5, allRatio: 0.0525 },
        ...{ closedTrades: 6, winningTrades: 4, losingTrades: 2 },
      },
      balance: { total: 1042.5, currency: 'USDT', value: 1042.5, fiat: 'USD' },
      intervalSeconds: 10,
    },
  },
  {
    ...common,
    name: 'botTrade',
    title: 'What happened to a trade',
    address: 'llm.bot.trade.{bot}',
    when: 'When a bot tells by a webhook what it does, and when its list of trades shows an entry or an exit; an exit may so be told twice, by `source`.',
    ...{ type: 'llm.bot.trade.v1', dataName: 'BotTrade', data: BotTradeData },
    example: {
      ...{ bot: 'alpha', kind: 'exit_fill', source: 'poll', tradeId: '7', pair: 'ETH/USDT' },
      ...{ isShort: false, amount: 0.5, stakeAmount: 1000, stakeCurrency: 'USDT' },
      ...{ openRate: 2000, closeRate: 2050, profitAbs: 25, profitRatio: 0.025 },
      ...{ exitReason: 'roi', openedAt: '2026-05-10T09:02:30.000Z' },
      closedAt: '2026-05-10T09:42:30.000Z',
    },
    exampleId: 'alpha:7:exit_fill:poll',
  },
];
