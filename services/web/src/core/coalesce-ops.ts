import { callKey, type CallKey, type FeedOp } from '@llm-monitor/contracts/live';

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

/** An end says everything; a first token goes into the start that it belongs to. */
function mergeOps(before: FeedOp, op: FeedOp): FeedOp {
  if (op[0] === 'end') return op;
  if (before[0] === 'end') return before;
  if (op[0] === 'first') return before[0] === 'start' ? withFirstToken(before, op[2]) : op;
  const ttft = before[0] === 'first' ? before[2] : before[1].time_to_first_token;
  return ttft === null ? op : withFirstToken(op, ttft);
}

function withFirstToken(
  op: Extract<FeedOp, readonly ['start', ...unknown[]]>,
  ttft: number,
): FeedOp {
  return ['start', { ...op[1], phase: 'generating', time_to_first_token: ttft }];
}
