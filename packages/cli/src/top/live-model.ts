import {
  applyFrame,
  stateFromSnapshot,
  type Frame,
  type FrameVerdict,
  type LiveState,
  type Snapshot,
} from '@llm-monitor/contracts/live';

const MOST_RECENT = 200;

/** All that is known of the present. Replaced, never changed, so that a paused view keeps what it has. */
export interface LiveModel extends LiveState {
  /** The server's clock minus this one's, ms. */
  clockAheadMs: number;
}

export function fromSnapshot(snapshot: Snapshot, nowMs: number): LiveModel {
  const state = stateFromSnapshot(snapshot, MOST_RECENT);
  return { ...state, clockAheadMs: snapshot.serverTime - nowMs };
}

/** The model after a frame, and what became of it. */
export function followFrame(
  model: LiveModel,
  frame: Frame,
  nowMs: number,
): { model: LiveModel; verdict: FrameVerdict } {
  const { state, verdict } = applyFrame(model, frame);
  if (verdict !== 'applied') return { model, verdict };
  return { model: { ...state, clockAheadMs: frame.serverTime - nowMs }, verdict };
}
