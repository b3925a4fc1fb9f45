import { parseRequestSubject } from '@llm-monitor/contracts/bus';
import {
  HeartbeatData,
  OPERATIONS_WITHOUT_INFERENCE,
  REQUEST_ID_PATTERN,
} from '@llm-monitor/contracts/events';
import { Compile } from '@llm-monitor/contracts/typebox/compile';

import type { CallTarget } from './server-place.ts';

/** A call that began, as far as it matters to those who watch servers. */
export interface BegunCall extends CallTarget {
  /** The subject's: by it the collectors keep the call. */
  app: string;
  requestId: string;
  instance: string | undefined;
  model: string;
  /** A model is run for it, not only loaded or moved. */
  isInference: boolean;
}

const REQUEST_ID = new RegExp(REQUEST_ID_PATTERN);
const heartbeat = Compile(HeartbeatData);

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Reads an `llm.request.started.…` message; undefined when it is of no use. */
export function parseBegunCall(subject: string, body: string): BegunCall | undefined {
  const data = dataOf(body);
  const app = parseRequestSubject(subject)?.app;
  const requestId = textOf(data?.['requestId']);
  if (!data || !app || !requestId || !REQUEST_ID.test(requestId)) return undefined;
  const port = data['serverPort'];
  return {
    app,
    requestId,
    instance: textOf(data['instance']),
    model: textOf(data['model']) ?? 'unknown',
    isInference: !OPERATIONS_WITHOUT_INFERENCE.has(textOf(data['operation']) ?? ''),
    host: textOf(data['host']),
    serverAddress: textOf(data['serverAddress']),
    serverPort: typeof port === 'number' ? port : undefined,
  };
}

/** Reads the end of a call from its event's id, `<requestId>:end` or `:orphan`, and its subject: the body need not be parsed. */
export function parseEndedCall(
  subject: string,
  eventId: string,
): { app: string; requestId: string; early: boolean } | undefined {
  const parsed = parseRequestSubject(subject);
  const [requestId = '', mark] = eventId.split(':');
  if (!parsed || !REQUEST_ID.test(requestId) || (mark !== 'end' && mark !== 'orphan')) {
    return undefined;
  }
  return { app: parsed.app, requestId, early: parsed.kind !== 'completed' };
}

/** Reads the first token of a call likewise. */
export function parseFirstToken(
  subject: string,
  eventId: string,
): { app: string; requestId: string } | undefined {
  const app = parseRequestSubject(subject)?.app;
  const [requestId = ''] = eventId.split(':');
  return app && REQUEST_ID.test(requestId) ? { app, requestId } : undefined;
}

/** The id in an event's body, for messages without a header that repeats it. */
export function eventIdOf(body: string): string {
  return textOf(parse(body)?.['id']) ?? '';
}

/** Reads an `llm.app.heartbeat.<app>.<instance>` message. `all` says whether it lists every running call. */
export function parseBeat(
  subject: string,
  body: string,
): { app: string; instance: string; ids: string[]; all: boolean } | undefined {
  const [, , , app] = subject.split('.');
  const data = dataOf(body);
  if (!app || !heartbeat.Check(data)) return undefined;
  const { runningRequestIds: ids, running, instance } = data;
  return { app, instance, ids, all: running <= ids.length };
}

function dataOf(body: string): Record<string, unknown> | undefined {
  const data = parse(body)?.['data'];
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined;
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
