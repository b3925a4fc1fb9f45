/** A trade of the fake bot. */
export interface FakeTrade {
  id: number;
  pair: string;
  amount: number;
  openRate: number;
  openedAtMs: number;
  currentRate: number;
  isShort?: boolean;
  enterTag?: string;
  /** Closed with that, when it is there. */
  closeRate?: number;
  closedAtMs?: number;
  exitReason?: string;
}

export const isOpen = (trade: FakeTrade): boolean => trade.closedAtMs === undefined;

/** Without fees. */
export function profitOfTrade(trade: FakeTrade): { abs: number; ratio: number } {
  const rate = trade.closeRate ?? trade.currentRate;
  const sign = trade.isShort ? -1 : 1;
  const abs = sign * (rate - trade.openRate) * trade.amount;
  return { abs, ratio: abs / (trade.openRate * trade.amount) };
}
