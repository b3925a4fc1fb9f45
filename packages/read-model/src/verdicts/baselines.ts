import type { EndedRequest } from '@llm-monitor/contracts/rest';

/** What the calls of a model usually are like. What too few calls have shown is absent. */
export interface Baseline {
  /** Median time from one token to the next. */
  gapMs?: number;
  /** 99 of 100 answers are not longer. */
  outputTokens?: number;
  /** Median of the loads that took a noticeable time. */
  loadMs?: number;
  /** Median characters of a prompt for each token that the server counted. */
  charsPerToken?: number;
}

/** Calls behind a median. */
const MIN_FOR_MEDIAN = 5;
/** Answers behind a highest usual length. */
const MIN_FOR_LENGTH = 20;
/** A model that is in memory says of its load some milliseconds. */
const NOTICEABLE_LOAD_SECONDS = 0.5;
/** Shorter prompts are mostly template. */
const MIN_PROMPT_TOKENS = 50;
/** Of real texts; more would mean that most prompts were cut. */
const CHARS_PER_TOKEN = { least: 1, most: 6 };

interface Seen {
  gapsMs: number[];
  lengths: number[];
  loadsMs: number[];
  charsPerToken: number[];
}

/** Names the baseline of a call: demo traffic has its own. */
export function baselineKey(call: { model: string; demo?: boolean | undefined }): string {
  return call.demo ? `demo:${call.model}` : `:${call.model}`;
}

/** What is usual for each model, by {@link baselineKey}, from calls that ended. */
export function learnBaselines(ended: Iterable<EndedRequest>): Map<string, Baseline> {
  const seen = new Map<string, Seen>();
  for (const call of ended) {
    if (call.outcome !== 'completed') continue;
    const key = baselineKey(call);
    const of = seen.get(key) ?? { gapsMs: [], lengths: [], loadsMs: [], charsPerToken: [] };
    seen.set(key, of);
    note(of, call);
  }
  return new Map([...seen].map(([key, of]) => [key, toBaseline(of)]));
}

function note(of: Seen, call: EndedRequest): void {
  const { tokens_generated: tokens, tokens_input: read, prompt_chars: chars, phases } = call;
  if (tokens) {
    of.lengths.push(tokens);
    const seconds = generationSeconds(call);
    if (seconds > 0 && tokens > 1) of.gapsMs.push((seconds * 1000) / tokens);
  }
  if (phases && phases.load >= NOTICEABLE_LOAD_SECONDS) of.loadsMs.push(phases.load * 1000);
  if (chars && read && read >= MIN_PROMPT_TOKENS && call.tokens_source === 'server') {
    of.charsPerToken.push(chars / read);
  }
}

function generationSeconds(call: EndedRequest): number {
  if (call.phases && call.phases.generation > 0) return call.phases.generation;
  return call.time_to_first_token === null ? 0 : call.duration - call.time_to_first_token;
}

function toBaseline({ gapsMs, lengths, loadsMs, charsPerToken }: Seen): Baseline {
  const baseline: Baseline = {};
  if (gapsMs.length >= MIN_FOR_MEDIAN) baseline.gapMs = quantileOf(gapsMs, 0.5);
  if (lengths.length >= MIN_FOR_LENGTH) baseline.outputTokens = quantileOf(lengths, 0.99);
  if (loadsMs.length > 0) baseline.loadMs = quantileOf(loadsMs, 0.5);
  if (charsPerToken.length >= MIN_FOR_MEDIAN) {
    const { least, most } = CHARS_PER_TOKEN;
    baseline.charsPerToken = Math.min(most, Math.max(least, quantileOf(charsPerToken, 0.5)));
  }
  return baseline;
}

function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(q * (sorted.length - 1))] ?? 0;
}
