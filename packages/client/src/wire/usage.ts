import type { AnswerFacts } from './answer.ts';
import { count, isObject } from './json-fields.ts';

/** Notes the counts of a `usage`, in the names of OpenAI or of Anthropic. One that is missing stays what it was: unknown at first. */
export function noteUsage(usage: unknown, facts: AnswerFacts): void {
  if (!isObject(usage)) return;
  const input = tokens(usage['prompt_tokens']) ?? tokens(usage['input_tokens']);
  const output = tokens(usage['completion_tokens']) ?? tokens(usage['output_tokens']);
  if (input !== undefined) {
    // Anthropic counts apart what it took from its cache or put there; the others count it in.
    const created = tokens(usage['cache_creation_input_tokens']) ?? 0;
    const read = tokens(usage['cache_read_input_tokens']) ?? 0;
    // Some say 0 at one end of a stream and the number at the other.
    facts.inputTokens = Math.max(facts.inputTokens ?? 0, input + created + read);
  }
  if (output !== undefined) facts.outputTokens = output;
}

/**
 * Notes the counts in the `timings` of llama.cpp, which come with every answer; a `usage` with a stream that was asked for it only.
 * What of the prompt was in its cache is counted apart, and by newer versions alone.
 */
export function noteTimings(timings: unknown, facts: AnswerFacts): void {
  if (!isObject(timings)) return;
  const evaluated = tokens(timings['prompt_n']);
  const cached = tokens(timings['cache_n']);
  const output = tokens(timings['predicted_n']);
  if (evaluated !== undefined && cached !== undefined) facts.inputTokens = evaluated + cached;
  if (output !== undefined) facts.outputTokens = output;
}

function tokens(value: unknown): number | undefined {
  return Number.isInteger(value) ? count(value) : undefined;
}
