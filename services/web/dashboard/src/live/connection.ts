/** How the page stands to the server. Times are monotonic ms. */
export interface Connection {
  /** `connecting`: nothing was shown yet. `reconnecting`: what is shown may be old. */
  phase: 'connecting' | 'open' | 'reconnecting';
  /** when the server was last heard */
  heardAt: number | null;
  /** when the next try begins */
  retryAt: number | null;
  /** tries that failed in a row */
  failures: number;
  /** what the last failure said; `no-snapshot` when the service answers but has nothing to show */
  fault: string | null;
}

export const NOT_CONNECTED: Connection = {
  phase: 'connecting',
  heardAt: null,
  retryAt: null,
  failures: 0,
  fault: null,
};

/** Silence after which data counts as stale: the server speaks at least every 2 s. */
export const STALE_AFTER_MS = 5000;
/** Failed tries after which the page says what is wrong. */
const FAILURES_BEFORE_ERROR = 2;

export type Freshness = 'connecting' | 'live' | 'paused' | 'stale' | 'reconnecting' | 'error';

/** What the page says of its data. Never `live` while the server is silent. */
export function freshnessOf(connection: Connection, nowMs: number): Freshness {
  if (connection.phase === 'open') {
    return nowMs - (connection.heardAt ?? 0) > STALE_AFTER_MS ? 'stale' : 'live';
  }
  if (connection.phase === 'reconnecting') return 'reconnecting';
  const isFaulty =
    connection.failures >= FAILURES_BEFORE_ERROR || connection.fault === 'no-snapshot';
  return isFaulty ? 'error' : 'connecting';
}
