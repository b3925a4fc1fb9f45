import {
  compareEntryIds,
  isAtOrBefore,
  type FeedPosition,
  type Frame,
} from '@llm-monitor/contracts/live';

import { applyOps } from './apply-ops.ts';
import type { LiveState } from './live-state.ts';

/** What became of a frame: `gap` asks for a resume, `other-epoch` for a snapshot; in both the state is unchanged. */
export type FrameVerdict = 'applied' | 'seen' | 'gap' | 'other-epoch';

export interface AppliedFrame {
  state: LiveState;
  verdict: FrameVerdict;
}

/**
 * The state after a frame. A frame that begins at or before our position and ends after it holds all that we miss, since ops are
 * absolute; one that begins after it does not.
 */
export function applyFrame(state: LiveState, frame: Frame): AppliedFrame {
  if (frame.epoch !== state.epoch) return { state, verdict: 'other-epoch' };
  if (isSamePosition(frame.pos, frame.prev)) {
    return { state: applyOps(state, frame.ops), verdict: 'applied' };
  }
  if (isAtOrBefore(frame.pos, state.pos)) return { state, verdict: 'seen' };
  if (!isAtOrBefore(frame.prev, state.pos)) return { state, verdict: 'gap' };
  const after = applyOps(state, frame.ops);
  return { state: { ...after, pos: furthest(state.pos, frame.pos) }, verdict: 'applied' };
}

function isSamePosition(a: FeedPosition, b: FeedPosition): boolean {
  return a.length === b.length && a.every((id, shard) => id === b[shard]);
}

function furthest(a: FeedPosition, b: FeedPosition): FeedPosition {
  return b.map((id, shard) => (compareEntryIds(a[shard] ?? '', id) > 0 ? (a[shard] ?? id) : id));
}

