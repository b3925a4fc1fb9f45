import type { Phase, VerdictKind } from '../events/index.ts';
import type { ActiveRequest, EndedRequest } from '../rest/index.ts';

const PHASE_ORDER: Readonly<Record<Phase, number>> = {
  waiting: 0,
  queued: 1,
  loading: 2,
  prompt: 3,
  generating: 4,
};

/** The phase that is further on: a late message never takes a call back. */
export function laterPhase(a: Phase, b: Phase): Phase {
  return PHASE_ORDER[b] > PHASE_ORDER[a] ? b : a;
}

/** What a message may leave out because another one said it. What belongs to a state, like an error, comes from its own message. */
const SAID_ONCE = [
  'host',
  'instance',
  'provider',
  'operation',
  'stream',
  'prompt',
  'prompt_chars',
  'logical_id',
  'session_id',
  'user_id',
  'time_to_first_token',
] as const satisfies readonly (keyof ActiveRequest & keyof EndedRequest)[];

/** What two messages say of one running call: known beats unknown, further beats earlier. */
export function mergeActive(known: ActiveRequest, told: ActiveRequest): ActiveRequest {
  return {
    ...withSaid(told, known),
    phase: laterPhase(known.phase, told.phase),
    tokens_generated: Math.max(known.tokens_generated, told.tokens_generated),
    tokens_per_second: told.tokens_per_second ?? known.tokens_per_second,
    prefill_percent: told.prefill_percent ?? known.prefill_percent,
    last_token_at: told.last_token_at ?? known.last_token_at,
    ...(known.verdicts ? { verdicts: known.verdicts } : {}),
  };
}

/** What is noteworthy of a call beyond its end. */
const STAYS: ReadonlySet<VerdictKind> = new Set(['stalled', 'looping', 'runaway', 'truncated']);

/** An ended call, with what only an earlier message knew. */
export function mergeEnded(
  known: ActiveRequest | EndedRequest | undefined,
  told: EndedRequest,
): EndedRequest {
  if (!known) return told;
  const kept = told.verdicts ?? known.verdicts?.filter(({ kind }) => STAYS.has(kind)) ?? [];
  return { ...withSaid(told, known), ...(kept.length > 0 ? { verdicts: kept } : {}) };
}

function withSaid<Call extends ActiveRequest | EndedRequest>(
  told: Call,
  known: ActiveRequest | EndedRequest,
): Call {
  const missing = SAID_ONCE.filter((field) => told[field] === null && known[field] !== null);
  const said = Object.fromEntries(missing.map((field) => [field, known[field]]));
  const tags = told.tags.length > 0 ? told.tags : known.tags;
  return { ...told, ...said, tags };
}
