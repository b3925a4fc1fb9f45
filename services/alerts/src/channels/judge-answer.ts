import { parseRetryAfter } from '../core/delivery/next-attempt.ts';
import { SendError } from '../core/delivery/send-error.ts';
import { cleanText } from '../core/message/clean-text.ts';
import type { HttpAnswer } from './define-channel.ts';

const QUOTED_LENGTH = 200;
const MS = 1000;
/** Client errors that pass by themselves. */
const PASSING = new Set([408, 409, 423, 425, 429]);

/**
 * Says what came of a request.
 * @throws {SendError} when it was not taken: for good, or with when to come again
 */
export function judgeAnswer(answer: HttpAnswer, nowMs: number): string {
  const { status } = answer;
  if (status >= 200 && status < 300) return `HTTP ${status}${quote(answer.body)}`;
  if (status >= 300 && status < 400) {
    throw new SendError(
      `HTTP ${status}: it leads elsewhere, and redirects are not followed. Enter the address that it leads to.`,
      { permanent: true },
    );
  }
  throw new SendError(`HTTP ${status}${quote(answer.body)}`, {
    permanent: status < 500 && !PASSING.has(status),
    retryAfterMs:
      parseRetryAfter(answer.headers['retry-after'], nowMs) ?? retryAfterIn(answer.body),
  });
}

function quote(body: string): string {
  const text = cleanText(body, QUOTED_LENGTH);
  return text ? `: ${text}` : '';
}

/** Discord says it as `retry_after`, Telegram as `parameters.retry_after`; both in seconds. */
function retryAfterIn(body: string): number | undefined {
  try {
    const { retry_after: top, parameters } = JSON.parse(body) as {
      retry_after?: unknown;
      parameters?: { retry_after?: unknown };
    };
    const seconds = top ?? parameters?.retry_after;
    return typeof seconds === 'number' && seconds >= 0 ? seconds * MS : undefined;
  } catch {
    return undefined;
  }
}
