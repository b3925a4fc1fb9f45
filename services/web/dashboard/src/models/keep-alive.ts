/** Ollama names a day in centuries for a model that stays. */
const STAYS_SECONDS = 366 * 86_400;

/** When a server will unload a model: in so many seconds, at any moment, never, or nobody said. */
export type KeepAlive = number | 'now' | 'never' | null;

/**
 * @param expiresAt by the clock of the machine that the server runs on
 * @param hostSkewSeconds that clock minus the monitor's
 */
export function keepAliveOf(
  expiresAt: string | null,
  monitorMs: number | null,
  hostSkewSeconds: number,
): KeepAlive {
  const expiresMs = Date.parse(expiresAt ?? '');
  if (Number.isNaN(expiresMs) || monitorMs === null) return null;
  const seconds = (expiresMs - monitorMs) / 1000 - hostSkewSeconds;
  if (seconds > STAYS_SECONDS) return 'never';
  return seconds <= 0 ? 'now' : seconds;
}
