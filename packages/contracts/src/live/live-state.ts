import type { AlertsNow } from '../alerts/index.ts';
import type {
  ActiveRequest,
  AppStats,
  EndedRequest,
  Host,
  ModelStats,
  Status,
} from '../rest/index.ts';
import { callKey, MOST_ACTIVE, type CallKey, type FeedPosition, type Snapshot } from './live.ts';

/** Ended calls that are kept, unless somebody wants more. */
export const RECENT_LIMIT = 50;

/**
 * Keys of calls that have ended, so that a late `start` or `progress` cannot bring one back. Two generations: when the younger is
 * full it becomes the older, so that the memory is bounded and copying stays cheap.
 */
export interface EndedKeys {
  younger: ReadonlySet<CallKey>;
  older: ReadonlySet<CallKey>;
}

/** All that the server has told, as of `pos`. Never changed in place. */
export interface LiveState {
  epoch: string;
  pos: FeedPosition;
  version: string;
  status: Status;
  /** in no order */
  active: ReadonlyMap<CallKey, ActiveRequest>;
  /** Running calls beyond those, of which a snapshot had too many. */
  unlisted: number;
  /** newest first, `recentLimit` at most */
  recent: readonly EndedRequest[];
  recentLimit: number;
  ended: EndedKeys;
  models: readonly ModelStats[];
  apps: readonly AppStats[];
  hosts: readonly Host[];
  demoRunning: boolean;
  alerts: AlertsNow;
}

/** A snapshot as state. A call that ended while it was taken stands in both its lists: it counts as ended. */
export function stateFromSnapshot(
  snapshot: Snapshot,
  recentLimit: number = RECENT_LIMIT,
): LiveState {
  const recent = [...snapshot.recent].sort(newestFirst).slice(0, recentLimit);
  const ended = new Set(snapshot.recent.map(callKey));
  const active = new Map<CallKey, ActiveRequest>();
  for (const call of snapshot.active) {
    const key = callKey(call);
    if (!ended.has(key)) active.set(key, call);
  }
  const { epoch, pos, version, status, models, apps, hosts, demoRunning, alerts } = snapshot;
  return {
    epoch,
    pos,
    version,
    status,
    active,
    unlisted: snapshot.active.length < MOST_ACTIVE ? 0 : unlistedOf(status, active),
    recent,
    recentLimit,
    ended: { younger: ended, older: new Set() },
    models,
    apps,
    hosts,
    demoRunning,
    alerts,
  };
}

/** Calls that began between two states; none where the later one is of a store that begun anew. */
export function begunBetween(earlier: LiveState | null, later: LiveState | null): number {
  const total = (state: LiveState | null) => state?.status.total_requests ?? 0;
  return Math.max(0, total(later) - total(earlier));
}

/** How many calls run: those that are known one by one, and the others. */
export function runningIn({ active, unlisted }: LiveState): number {
  return active.size + unlisted;
}

/** How many more run than are known one by one. */
export function unlistedOf(status: Status, active: LiveState['active']): number {
  return Math.max(0, status.active_requests - active.size);
}

/** By their end, then by id: an order for `sort`. */
export function newestFirst(a: EndedRequest, b: EndedRequest): number {
  return compare(b.ended_at, a.ended_at) || compare(b.id, a.id);
}

/** By their start, then by id: an order for `sort`. */
export function oldestFirst(a: ActiveRequest, b: ActiveRequest): number {
  return compare(a.started_at, b.started_at) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
