import type { AlertsNow } from '../alerts/answers.ts';
import type { Phase } from '../events/request.ts';
import type { Verdict } from '../events/verdict.ts';
import type { AppStats, Host, ModelStats, Status } from '../rest/overview.ts';
import type { ActiveRequest, EndedRequest } from '../rest/requests.ts';

/** `<id>:<app>`: names a call in live data. */
export type CallKey = string;

/** The name of a call in live data. */
export function callKey(call: { id: string; app: string }): CallKey {
  return `${call.id}:${call.app}`;
}

/**
 * One change. All carry absolute values, and a call's phase only moves forward, so applying an op twice, or an old one late,
 * does no harm. A compact tuple: the first element says which.
 */
export type LiveOp =
  | readonly ['start', ActiveRequest]
  /** time to first token, seconds */
  | readonly ['first', CallKey, number]
  /** phase, tokens so far (estimate), tokens/s (estimate), prefill percent */
  | readonly ['progress', CallKey, Phase, number, number | null, number | null]
  | readonly ['end', EndedRequest]
  | readonly ['status', Status]
  | readonly ['models', readonly ModelStats[]]
  | readonly ['apps', readonly AppStats[]]
  | readonly ['hosts', readonly Host[]]
  /** demo traffic runs, whether or not this view shows it */
  | readonly ['demo', boolean]
  /** what is noteworthy about running calls; there is nothing about those that are not in it */
  | readonly ['verdicts', readonly (readonly [CallKey, readonly Verdict[]])[]]
  /** what fires, of real traffic in both views */
  | readonly ['alerts', AlertsNow];

/** Ops that a collector writes to the change feed; the others are made by the web service. */
export type FeedOp = Extract<LiveOp, readonly ['start' | 'first' | 'end', ...unknown[]]>;

/** A place in the change feed: the last entry id of each shard. */
export type FeedPosition = readonly string[];

/**
 * Server → browser, `frame`. `pos` is the feed's position after it and `prev` the one before. Where they are equal the frame has
 * no place in the sequence (progress, figures, or nothing: a sign of life every 2 s) and is always applied.
 */
export interface Frame {
  epoch: string;
  pos: FeedPosition;
  prev: FeedPosition;
  /** ms since 1970 */
  serverTime: number;
  ops: readonly LiveOp[];
}

/** Running calls in a snapshot at most: the newest. */
export const MOST_ACTIVE = 1000;

/** Server → browser, `snapshot`: all that the dashboard shows, and the position that was read before it. */
export interface Snapshot {
  epoch: string;
  pos: FeedPosition;
  serverTime: number;
  version: string;
  status: Status;
  active: readonly ActiveRequest[];
  recent: readonly EndedRequest[];
  models: readonly ModelStats[];
  apps: readonly AppStats[];
  hosts: readonly Host[];
  /** Demo traffic runs, whether or not this view shows it. */
  demoRunning: boolean;
  alerts: AlertsNow;
}

/**
 * Socket.IO's `auth` of a connection, all of it optional: what the browser wants to see and what it has, so that a reconnect costs
 * no snapshot. Without `resume` the first message is a snapshot.
 */
export interface Hello extends Watch {
  resume?: Resume;
}

/**
 * Browser → server, `resume`: what it has. Answered by one frame from there, and another with what has no place in the feed (it is
 * not kept for who was away), or by a snapshot.
 */
export interface Resume {
  epoch: string;
  pos: FeedPosition;
}

/**
 * Browser → server, `watch`: what it wants to see. `demo` shows demo traffic alone, and a change of it is answered by a snapshot;
 * `paused` stops frames, and its end is answered like a `resume` from where they stopped. What is absent stays as it was.
 * `watch` and `resume` take an optional acknowledgement, called with {@link LiveAck}.
 */
export interface Watch {
  demo?: boolean;
  paused?: boolean;
}

/** The answer to a message of the browser. A message that is not understood changes nothing. */
export type LiveAck = { ok: true } | { ok: false; error: string };

/** A frame without ops is sent at least this often, while the server itself hears the change feed. */
export const KEEP_ALIVE_MS = 2000;

/** Is every entry of `a` at or before that of `b`? */
export function isAtOrBefore(a: FeedPosition, b: FeedPosition): boolean {
  return a.length === b.length && a.every((id, shard) => compareEntryIds(id, b[shard] ?? '') <= 0);
}

/** Orders stream entry ids (`<ms>-<n>`): negative, 0 or positive. */
export function compareEntryIds(a: string, b: string): number {
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number);
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number);
  return aMs - bMs || aSeq - bSeq;
}

/**
 * Where a frame stands to what a browser has (same epoch): `apply` it, drop it as `seen`, or there is a `gap` to be asked for
 * with `resume`. A frame may begin before `have`: its ops do no harm twice.
 */
export function placeFrame(
  have: FeedPosition,
  frame: Pick<Frame, 'pos' | 'prev'>,
): 'apply' | 'seen' | 'gap' {
  if (frame.pos.every((id, shard) => id === frame.prev[shard])) return 'apply';
  if (isAtOrBefore(frame.pos, have)) return 'seen';
  return isAtOrBefore(frame.prev, have) ? 'apply' : 'gap';
}

/** The later of both in every shard: what a browser has after a frame. */
export function latestPosition(a: FeedPosition, b: FeedPosition): FeedPosition {
  return a.map((id, shard) => {
    const other = b[shard] ?? id;
    return compareEntryIds(id, other) < 0 ? other : id;
  });
}
