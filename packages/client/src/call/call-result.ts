import type { OllamaDurations, Outcome, RequestError } from '@llm-monitor/contracts/events';

/** How a call ended, as far as the one who saw it end knows. */
export interface CallResult {
  outcome: Outcome;
  /** On the clock of `performance.now()`. */
  atMs: number;
  cancelledBy?: string;
  error?: RequestError;
  finishReason?: string;
  /** As counted by the server. */
  inputTokens?: number;
  outputTokens?: number;
  ollama?: OllamaDurations;
}
