import type { IncomingHttpHeaders } from 'node:http';

/** How a caller left: how long after it asked, how long after it last got something, and whether an answer had begun. */
export interface Leaving {
  elapsedMs: number;
  silentMs: number;
  hasHead: boolean;
}

/** A caller's clock began before ours, by its connecting and sending. */
const SHARE = 0.9;
/** How late a caller may leave after its time is over, ms. */
const LATE_MS = 250;
const SECOND_MS = 1000;

/**
 * The time, ms, that was over when the caller left, as far as it had announced one; undefined when it left of its own will.
 * A caller whose time is over leaves as one that changed its mind: only what it announced tells them apart.
 */
export function overdue(headers: IncomingHttpHeaders, leaving: Leaving): number | undefined {
  return ofCall(headers, leaving) ?? ofSilence(headers, leaving) ?? ofAnswer(headers, leaving);
}

/** How long the whole call may take. */
function ofCall(headers: IncomingHttpHeaders, { elapsedMs }: Leaving): number | undefined {
  const ms = numberIn(headers['x-llm-monitor-timeout-ms']);
  return ms && elapsedMs >= ms * SHARE ? ms : undefined;
}

/** The SDKs of OpenAI and Anthropic for Python say for how many seconds nothing may come. */
function ofSilence(headers: IncomingHttpHeaders, { silentMs }: Leaving): number | undefined {
  const ms = (numberIn(headers['x-stainless-read-timeout']) ?? 0) * SECOND_MS;
  return ms > 0 && silentMs >= ms * SHARE ? ms : undefined;
}

/** Those for JavaScript say within how many seconds an answer must have begun, without the fraction: 0.3 s is 0. */
function ofAnswer(headers: IncomingHttpHeaders, leaving: Leaving): number | undefined {
  const seconds = numberIn(headers['x-stainless-timeout']);
  if (seconds === undefined || leaving.hasHead) return undefined;
  const ms = seconds * SECOND_MS;
  const { elapsedMs } = leaving;
  const isDue = elapsedMs >= ms * SHARE && elapsedMs <= ms + SECOND_MS + LATE_MS;
  return isDue ? ms || elapsedMs : undefined;
}

function numberIn(header: string | string[] | undefined): number | undefined {
  const number = Number(header || NaN);
  return number >= 0 && Number.isFinite(number) ? number : undefined;
}
