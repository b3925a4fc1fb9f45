import type { IncomingMessage } from 'node:http';

import type { CallIdentity } from '@llm-monitor/client/observe';

import type { CallerMap } from './caller-map.ts';

/** Who makes a call, as its events will say. API keys are looked up here and go no further. */
export function callerIdentity(
  incoming: Pick<IncomingMessage, 'headers'> & { address: string },
  callers: CallerMap,
): Partial<CallIdentity> & { app: string } {
  const text = (name: string) => readText(incoming.headers[name]);
  const app =
    text('x-llm-monitor-app') ??
    appOfKey(incoming.headers, callers) ??
    callers.byAddress(incoming.address) ??
    productOf(text('user-agent')) ??
    'unknown';
  const identity: Partial<CallIdentity> & { app: string } = { app };
  const sessionId = text('x-llm-monitor-session-id');
  const userId = text('x-llm-monitor-user-id');
  const traceparent = text('traceparent');
  const tags = text('x-llm-monitor-tags')
    ?.split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  if (sessionId) identity.sessionId = sessionId;
  if (userId) identity.userId = userId;
  if (traceparent && TRACEPARENT.test(traceparent)) identity.traceparent = traceparent;
  if (tags?.length) identity.tags = tags;
  return identity;
}

const MAX_NAME = 256;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}/;

/** A header's value as text: Node reads its bytes as Latin-1, programs mostly write UTF-8. */
function readText(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (!first) return undefined;
  const utf8 = Buffer.from(first, 'latin1').toString('utf8');
  const text = utf8.includes('\uFFFD') ? first : utf8;
  return decoded(text).trim().slice(0, MAX_NAME) || undefined;
}

/** The client writes names percent-encoded, as headers must be; others write them as they are. */
function decoded(text: string): string {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}

function appOfKey(headers: IncomingMessage['headers'], callers: CallerMap): string | undefined {
  const { authorization = '' } = headers;
  const bearer = /^bearer\s+(\S+)/i.exec(authorization)?.[1];
  const key = headers['x-api-key'];
  return (
    (bearer === undefined ? undefined : callers.byKey(bearer)) ??
    (typeof key === 'string' ? callers.byKey(key) : undefined)
  );
}

/** `ollama-python` of `ollama-python/0.4.7 (x86_64 linux)`. */
function productOf(userAgent: string | undefined): string | undefined {
  return /^[^/\s(]+/.exec(userAgent ?? '')?.[0];
}
