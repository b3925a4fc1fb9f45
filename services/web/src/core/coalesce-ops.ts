import { callKey, type CallKey, type FeedOp } from '@llm-monitor/contracts/live';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

/** What a start tells and an end may leave out. */
const ASKED = [
  'prompt',
  'prompt_chars',
  'operation',
  'stream',
  'provider',
  'host',
  'instance',
  'session_id',
  'user_id',
] as const satisfies readonly (keyof ActiveRequest & keyof EndedRequest)[];

type EndOp = Extract<FeedOp, readonly ['end', ...unknown[]]>;

/** The call that a change is about. */
export function keyOfOp(op: FeedOp): CallKey {
  return op[0] === 'first' ? op[1] : callKey(op[1]);
}

/** Changes that wait to be sent: at most one for each call, since a later one says all that the earlier ones said. */
export type PendingOps = Map<CallKey, FeedOp>;

/** Adds a change, in whatever order they come. */
export function addOp(pending: PendingOps, op: FeedOp): void {
  const key = keyOfOp(op);
  const before = pending.get(key);
  pending.set(key, before ? mergeOps(before, op) : op);
}

export function coalesceOps(ops: Iterable<FeedOp>): FeedOp[] {
  const pending: PendingOps = new Map();
  for (const op of ops) addOp(pending, op);
  return [...pending.values()];
}

/** An end replaces what came before, and a first token goes into the start that it belongs to. */
function mergeOps(before: FeedOp, op: FeedOp): FeedOp {
  if (op[0] === 'end') return before[0] === 'first' ? op : withAsked(op, before[1]);
  if (before[0] === 'end') return op[0] === 'start' ? withAsked(before, op[1]) : before;
  if (op[0] === 'first') return before[0] === 'start' ? withFirstToken(before, op[2]) : op;
  const ttft = before[0] === 'first' ? before[2] : before[1].time_to_first_token;
  return ttft === null ? op : withFirstToken(op, ttft);
}

/** The event of an end need not repeat what was asked: the prompt, for one. Figures are its own, known or not. */
function withAsked(end: EndOp, known: ActiveRequest | EndedRequest): FeedOp {
  const merged: Record<string, unknown> = { ...end[1] };
  for (const name of ASKED) merged[name] ??= known[name];
  return ['end', merged as EndedRequest];
}

function withFirstToken(
  op: Extract<FeedOp, readonly ['start', ...unknown[]]>,
  ttft: number,
): FeedOp {
  return ['start', { ...op[1], phase: 'generating', time_to_first_token: ttft }];
}
