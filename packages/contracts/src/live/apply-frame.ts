import { applyOps } from './apply-ops.ts';
import type { LiveState } from './live-state.ts';
import { latestPosition, placeFrame, type Frame } from './live.ts';

/** What became of a frame: `gap` asks for a resume, `other-epoch` for a snapshot; in both the state is unchanged. */
export type FrameVerdict = 'applied' | 'seen' | 'gap' | 'other-epoch';

/** The state after a frame, or the same one where the frame was not applied. */
export interface AppliedFrame {
  state: LiveState;
  verdict: FrameVerdict;
}

/** The state after a frame. */
export function applyFrame(state: LiveState, frame: Frame): AppliedFrame {
  if (frame.epoch !== state.epoch) return { state, verdict: 'other-epoch' };
  const place = placeFrame(state.pos, frame);
  if (place !== 'apply') return { state, verdict: place };
  const after = applyOps(state, frame.ops);
  const isSequenced = frame.pos.some((id, shard) => id !== frame.prev[shard]);
  if (!isSequenced) return { state: after, verdict: 'applied' };
  return { state: { ...after, pos: latestPosition(state.pos, frame.pos) }, verdict: 'applied' };
}
