import type { CallResult } from '../call/call-result.ts';

/** An SDK's timer may fire a little before it is due, and its time-out is known without its fraction of a second. */
const EARLY_MS = 20;
const FRACTION_MS = 1000;

/**
 * The SDKs of OpenAI and Anthropic end what has no answer in time by an abort that gives no reason. So an abort before any answer, just
 * when it was due, is a time-out. Undefined when it was not due.
 */
export function sdkTimeout(
  timeoutMs: number | undefined,
  elapsedMs: number,
  atMs: number,
): CallResult | undefined {
  if (timeoutMs === undefined) return undefined;
  const lateMs = elapsedMs - timeoutMs;
  if (lateMs < -EARLY_MS || lateMs > FRACTION_MS + EARLY_MS) return undefined;
  const message = `There was no answer within ${Math.round(elapsedMs)} ms.`;
  return { outcome: 'timeout', error: { type: 'TimeoutError', message }, atMs };
}
