import { PHASES, type Phase, type Verdict } from '@llm-monitor/contracts/events';
import {
  callKey,
  latestPosition,
  placeFrame,
  type CallKey,
  type FeedPosition,
  type Frame,
  type LiveOp,
  type Snapshot,
} from '@llm-monitor/contracts/live';
import type {
  ActiveRequest,
  EndedRequest,
  Host,
  ModelStats,
  Status,
} from '@llm-monitor/contracts/rest';

const MOST_RECENT = 200;

/** All that is known of the present. Replaced, never changed, so that a paused view keeps what it has. */
export interface LiveModel {
  epoch: string;
  pos: FeedPosition;
  version: string;
  status: Status;
  active: ReadonlyMap<CallKey, ActiveRequest>;
  /** Newest first. */
  recent: readonly EndedRequest[];
  models: readonly ModelStats[];
  hosts: readonly Host[];
  /** What is noteworthy about running calls. */
  verdicts: ReadonlyMap<CallKey, readonly Verdict[]>;
  /** The server's clock minus this one's, ms. */
  clockAheadMs: number;
}

export function fromSnapshot(snapshot: Snapshot, nowMs: number): LiveModel {
  const { epoch, pos, version, status, models, hosts } = snapshot;
  return {
    ...{ epoch, pos, version, status, models, hosts },
    active: new Map(snapshot.active.map((call) => [callKey(call), call])),
    recent: snapshot.recent.slice(0, MOST_RECENT),
    // They come with the next frame.
    verdicts: new Map(),
    clockAheadMs: snapshot.serverTime - nowMs,
  };
}

/** What became of a frame: `gap` asks for a resume, from a place that another epoch does not know. */
export function applyFrame(
  model: LiveModel,
  frame: Frame,
  nowMs: number,
): { model: LiveModel; verdict: 'applied' | 'seen' | 'gap' } {
  const place = frame.epoch === model.epoch ? placeFrame(model.pos, frame) : 'gap';
  if (place !== 'apply') return { model, verdict: place };
  const next = {
    ...model,
    active: new Map(model.active),
    pos: latestPosition(model.pos, frame.pos),
    clockAheadMs: frame.serverTime - nowMs,
  };
  for (const op of frame.ops) applyOp(next, op);
  return { model: next, verdict: 'applied' };
}

type Draft = LiveModel & { active: Map<CallKey, ActiveRequest> };

/** All ops carry absolute values: one that comes twice, or late, does no harm. */
function applyOp(draft: Draft, op: LiveOp): void {
  switch (op[0]) {
    case 'start':
      return start(draft, op[1]);
    case 'first':
      return change(draft, op[1], { phase: 'generating', time_to_first_token: op[2] });
    case 'progress':
      return progress(draft, op);
    case 'end':
      return end(draft, op[1]);
    case 'status':
      draft.status = op[1];
      return;
    case 'models':
      draft.models = op[1];
      return;
    case 'verdicts':
      draft.verdicts = new Map(op[1]);
      return;
    case 'hosts':
      draft.hosts = op[1];
      break;
    default:
    // What no view shows.
  }
}

function start(draft: Draft, told: ActiveRequest): void {
  const key = callKey(told);
  if (draft.recent.some((call) => callKey(call) === key)) return;
  const known = draft.active.get(key);
  draft.active.set(key, known ? { ...told, ...further(known, told) } : told);
}

function further(known: ActiveRequest, told: ActiveRequest): Partial<ActiveRequest> {
  return {
    phase: laterPhase(known.phase, told.phase),
    tokens_generated: Math.max(known.tokens_generated, told.tokens_generated),
    tokens_per_second: told.tokens_per_second ?? known.tokens_per_second,
    prefill_percent: told.prefill_percent ?? known.prefill_percent,
    last_token_at: told.last_token_at ?? known.last_token_at,
    time_to_first_token: told.time_to_first_token ?? known.time_to_first_token,
  };
}

function change(draft: Draft, key: CallKey, fields: Partial<ActiveRequest>): void {
  const call = draft.active.get(key);
  if (call) draft.active.set(key, { ...call, ...fields });
}

function progress(draft: Draft, op: Extract<LiveOp, readonly ['progress', ...unknown[]]>): void {
  const [, key, phase, tokens, tokensPerSecond, prefillPercent] = op;
  const call = draft.active.get(key);
  if (!call) return;
  change(draft, key, {
    phase: laterPhase(call.phase, phase),
    tokens_generated: Math.max(call.tokens_generated, tokens),
    tokens_per_second: tokensPerSecond ?? call.tokens_per_second,
    prefill_percent: prefillPercent ?? call.prefill_percent,
  });
}

function end(draft: Draft, told: EndedRequest): void {
  const key = callKey(told);
  const known = draft.active.get(key);
  draft.active.delete(key);
  // A late end may know less of what was asked than the start did.
  const call = known
    ? { ...told, prompt: told.prompt ?? known.prompt, host: told.host ?? known.host }
    : told;
  const others = draft.recent.filter((one) => callKey(one) !== key);
  const all = [call, ...others].toSorted((a, b) => b.ended_at.localeCompare(a.ended_at));
  draft.recent = all.slice(0, MOST_RECENT);
}

/** A late message never takes a call back. */
function laterPhase(a: Phase, b: Phase): Phase {
  return PHASES.indexOf(b) > PHASES.indexOf(a) ? b : a;
}
