import type { RequestError } from '@llm-monitor/contracts/events';
import { cutText } from '@llm-monitor/contracts/wire';

import type { CallResult } from './call-result.ts';

const MESSAGE_LENGTH = 2000;
const TIMEOUT_CODES = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** What a thrown value says about the end of a call: an abort by the app, a time-out, or a failure. */
export function resultOfThrown(thrown: unknown, atMs: number): CallResult {
  const error = describeError(thrown);
  if (error.type === 'AbortError') return { outcome: 'cancelled', cancelledBy: 'app', atMs };
  if (isTimeout(thrown)) {
    return { outcome: 'timeout', error: { ...error, type: 'TimeoutError' }, atMs };
  }
  return { outcome: 'error', error, atMs };
}

/** Name and message of a thrown value, with its cause where that says more, and without credentials. */
export function describeError(thrown: unknown): RequestError {
  const { name, message } = thrown as { name?: unknown; message?: unknown };
  const cause = causeOf(thrown);
  const text = [typeof message === 'string' ? message : String(thrown), cause?.message]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(': ');
  return { type: typeof name === 'string' && name ? name : 'Error', message: cleanMessage(text) };
}

/** Cuts a message and removes `user:password@` from every URL in it. */
export function cleanMessage(message: string): string {
  return cutText(message.replace(/\/\/[^\s/@]*@/g, '//'), MESSAGE_LENGTH);
}

function isTimeout(thrown: unknown): boolean {
  if ((thrown as { name?: unknown }).name === 'TimeoutError') return true;
  const code = causeOf(thrown)?.code ?? (thrown as { code?: unknown }).code;
  return typeof code === 'string' && TIMEOUT_CODES.has(code);
}

function causeOf(thrown: unknown): { message?: unknown; code?: unknown } | undefined {
  const cause = (thrown as { cause?: unknown }).cause;
  return typeof cause === 'object' && cause !== null ? cause : undefined;
}
