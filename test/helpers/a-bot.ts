import type { BotSampledData } from '@llm-monitor/contracts/events';

/** A sample of a bot that trades. */
export function aBot(bot: string, data: Partial<BotSampledData> = {}): BotSampledData {
  return {
    ...{ bot, apps: [], address: 'http://127.0.0.1:8080', reachable: true },
    ...{ answeredAt: new Date().toISOString(), state: 'running', dryRun: true },
    ...{ exchange: 'binance', strategy: 'SampleStrategy', version: '2026.4' },
    ...{ tradingMode: 'spot', timeframe: '5m', stakeCurrency: 'USDT' },
    ...{ maxOpenTrades: 3, openTradeCount: 1, intervalSeconds: 10 },
    openTrades: [
      {
        ...{ tradeId: '7', pair: 'ETH/USDT', isShort: false, amount: 0.5, stakeAmount: 1000 },
        ...{ openRate: 2000, currentRate: 2020, profitAbs: 10, profitRatio: 0.01 },
        openedAt: new Date(Date.now() - 600_000).toISOString(),
      },
    ],
    profit: {
      ...{ closedAbs: 42.5, closedRatio: 0.0425, allAbs: 52.5, allRatio: 0.0525 },
      ...{ closedTrades: 6, winningTrades: 4, losingTrades: 2 },
    },
    balance: { total: 1042.5, currency: 'USDT', value: 1042.5, fiat: 'USD' },
    ...data,
  };
}
