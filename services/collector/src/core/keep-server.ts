import type { StoredHost } from '@llm-monitor/contracts/redis';

/** Longer than any agent waits before it tells of its server again. */
const STAYS_MS = 30_000;

/**
 * What is kept of a machine: its newest sample. Of several agents of one machine (a proxy beside the stack's own) some see no server:
 * they do not take away what another saw a moment ago.
 */
export function keepServer(stored: StoredHost, before: StoredHost | undefined): StoredHost {
  if (stored.sample.server) return { ...stored, serverSeenAtMs: stored.seenAtMs };
  const { server, unseenActivity } = before?.sample ?? {};
  const serverSeenAtMs = before?.serverSeenAtMs;
  if (!server || serverSeenAtMs === undefined) return stored;
  if (stored.seenAtMs - serverSeenAtMs > STAYS_MS) return stored;
  const seen = { server, ...(unseenActivity === undefined ? {} : { unseenActivity }) };
  return { ...stored, sample: { ...stored.sample, ...seen }, serverSeenAtMs };
}
