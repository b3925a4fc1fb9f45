import type { IncomingHttpHeaders } from 'node:http';

/** How long a caller says that its whole call may take, ms. What it gives up then was not cancelled. */
export function announcedTimeoutMs(headers: IncomingHttpHeaders): number | undefined {
  const ms = Number(headers['x-llm-monitor-timeout-ms'] ?? NaN);
  return ms > 0 && Number.isFinite(ms) ? ms : undefined;
}
