import type { VerdictOf } from '@llm-monitor/contracts/events';

import type { Baseline } from './baselines.ts';

/** What is known of a call that ended well. */
export interface EndedCall {
  endedAtMs: number;
  promptChars: number | undefined;
  /** As the server counted them. */
  inputTokens: number | undefined;
  contextTokens: number | undefined;
  imageCount: number | undefined;
}

/** Where the model's own ratio is not known: few texts have more characters for a token. */
const USUAL_CHARS_PER_TOKEN = 4.5;
/** By how much the estimate must exceed the context: estimates from a known ratio may be trusted more. */
const CLEARLY = { known: 1.25, unknown: 1.5 };
/** A prompt that was cut fills the context, or nearly: whole messages are dropped until it fits. */
const FILLED = { from: 0.7, to: 1.05 };

/**
 * Was the prompt possibly cut to fit? Servers do not say. Only where it clearly had more tokens than fit, and those that were read fill the
 * context: a count that is low because a part of the prompt was cached is no sign.
 */
export function judgeEnded(
  call: EndedCall,
  baseline: Baseline,
): VerdictOf<'truncated'> | undefined {
  const { promptChars, inputTokens, contextTokens } = call;
  if (!promptChars || !inputTokens || !contextTokens) return undefined;
  // They take tokens, and a large request may have been measured with them.
  if (call.imageCount) return undefined;
  const fill = inputTokens / contextTokens;
  if (fill < FILLED.from || fill > FILLED.to) return undefined;
  const { charsPerToken } = baseline;
  const estimatedTokens = Math.round(promptChars / (charsPerToken ?? USUAL_CHARS_PER_TOKEN));
  const clearly = charsPerToken === undefined ? CLEARLY.unknown : CLEARLY.known;
  if (estimatedTokens < clearly * contextTokens) return undefined;
  return {
    kind: 'truncated',
    since: new Date(call.endedAtMs).toISOString(),
    reason: { estimatedTokens, countedTokens: inputTokens, contextTokens },
  };
}
