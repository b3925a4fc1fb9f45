import { cutText } from '@llm-monitor/contracts/wire';

import type { CallResult } from './call-result.ts';
import { scrub } from './scrub.ts';

const MESSAGE_LENGTH = 2000;
const TIMEOUT_CODES = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** What a thrown value says about the end of a call: an abort by the app, a time-out, or a failure. */
export function resultOfThrown(thrown: unknown, atMs: number): CallResult {
  const fields = readFields(thrown);
  if (fields.name === 'AbortError') return { outcome: 'cancelled', cancelledBy: 'app', atMs };
  const message = cleanMessage(
    fields.causeMessage ? `${fields.message}: ${fields.causeMessage}` : fields.message,
  );
  if (fields.name === 'TimeoutError' || TIMEOUT_CODES.has(fields.code)) {
    return { outcome: 'timeout', error: { type: 'TimeoutError', message }, atMs };
  }
  return { outcome: 'error', error: { type: fields.name.slice(0, 256), message }, atMs };
}

/** Cuts a message and removes what is secret in it. */
export function cleanMessage(message: string): string {
  return cutText(scrub(cutText(message, 4 * MESSAGE_LENGTH)), MESSAGE_LENGTH);
}

interface ErrorFields {
  name: string;
  message: string;
  code: string;
  causeMessage: string;
}

/** Anything can be thrown, also what throws when it is looked at. */
function readFields(thrown: unknown): ErrorFields {
  try {
    const error = objectOf(thrown);
    const cause = objectOf(error['cause']);
    return {
      name: textOf(error['name']) || 'Error',
      message: textOf(error['message']) || (typeof thrown === 'object' ? '' : String(thrown)),
      code: textOf(cause['code']) || textOf(error['code']),
      causeMessage: textOf(cause['message']),
    };
  } catch {
    return { name: 'Error', message: 'an error that cannot be read', code: '', causeMessage: '' };
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
