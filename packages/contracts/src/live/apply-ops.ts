import type { ActiveRequest, EndedRequest } from '../rest/index.ts';
import { createLiveDraft, type LiveDraft } from './live-draft.ts';
import type { LiveState } from './live-state.ts';
import { callKey, type LiveOp } from './live.ts';
import { laterPhase, mergeActive, mergeEnded } from './merge-call.ts';

/** The state after some changes. All are absolute, so that applying one twice, or an old one late, does no harm. */
export function applyOps(state: LiveState, ops: readonly LiveOp[]): LiveState {
  if (ops.length === 0) return state;
  const draft = createLiveDraft(state, callKey);
  for (const op of ops) applyOp(draft, op);
  return draft.finish();
}

function applyOp(draft: LiveDraft, op: LiveOp): void {
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
      return draft.set({ status: op[1] });
    case 'models':
      return draft.set({ models: op[1] });
    case 'apps':
      return draft.set({ apps: op[1] });
    case 'hosts':
      return draft.set({ hosts: op[1] });
    case 'demo':
      return draft.set({ demoRunning: op[1] });
    case 'verdicts':
      return judge(draft, op[1]);
    case 'alerts':
      return draft.set({ alerts: op[1] });
  }
}

function start(draft: LiveDraft, call: ActiveRequest): void {
  const key = callKey(call);
  if (draft.hasEnded(key)) return;
  const known = draft.activeCall(key);
  draft.setActive(key, known ? mergeActive(known, call) : call);
}

function change(draft: LiveDraft, key: string, fields: Partial<ActiveRequest>): void {
  const call = draft.activeCall(key);
  if (call) draft.setActive(key, { ...call, ...fields });
}

function progress(
  draft: LiveDraft,
  op: Extract<LiveOp, readonly ['progress', ...unknown[]]>,
): void {
  const [, key, phase, tokens, tokensPerSecond, prefillPercent] = op;
  const call = draft.activeCall(key);
  if (!call) return;
  draft.setActive(key, {
    ...call,
    phase: laterPhase(call.phase, phase),
    tokens_generated: Math.max(call.tokens_generated, tokens),
    tokens_per_second: tokensPerSecond ?? call.tokens_per_second,
    prefill_percent: prefillPercent ?? call.prefill_percent,
  });
}

/** Only rows whose verdicts are others change. */
function judge(draft: LiveDraft, told: Extract<LiveOp, readonly ['verdicts', unknown]>[1]): void {
  const verdictsOf = new Map(told);
  for (const [key, call] of draft.activeCalls()) {
    const verdicts = verdictsOf.get(key);
    if (JSON.stringify(call.verdicts) === JSON.stringify(verdicts)) continue;
    const { verdicts: _, ...bare } = call;
    draft.setActive(key, verdicts ? { ...bare, verdicts: [...verdicts] } : bare);
  }
}

function end(draft: LiveDraft, told: EndedRequest): void {
  const key = callKey(told);
  draft.setRecent(key, mergeEnded(draft.activeCall(key) ?? draft.recentCall(key), told));
  draft.dropActive(key);
  draft.markEnded(key);
}
