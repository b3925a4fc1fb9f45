import type { Phase } from '@llm-monitor/contracts/events';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

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

/** What two messages say of one running call: known beats unknown, further beats earlier. */
export function mergeActive(known: ActiveRequest, told: ActiveRequest): ActiveRequest {
  return {
    ...withKnown(told, known),
    phase: laterPhase(known.phase, told.phase),
    tokens_generated: Math.max(known.tokens_generated, told.tokens_generated),
    duration: Math.max(known.duration, told.duration),
  };
}

/** An ended call, with what only its running row knew. */
export function mergeEnded(
  known: ActiveRequest | EndedRequest | undefined,
  told: EndedRequest,
): EndedRequest {
  return known ? withKnown(told, known) : told;
}

function withKnown<Call extends object>(told: Call, known: object): Call {
  const merged = { ...told } as Record<string, unknown>;
  for (const [name, value] of Object.entries(known)) {
    if (name in merged && isUnknown(merged[name])) merged[name] = value;
  }
  return merged as Call;
}

function isUnknown(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
