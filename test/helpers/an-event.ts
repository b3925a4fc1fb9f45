import { randomUUID } from 'node:crypto';

import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  requestEventId,
  type CloudEvent,
  type RequestEndedData,
  type RequestEventKind,
  type RequestEventMark,
  type RequestFirstTokenData,
  type RequestStartedData,
} from '@llm-monitor/contracts/events';

/** A message as it goes onto the bus. */
export interface Published<Data = unknown> {
  subject: string;
  event: CloudEvent<Data>;
}

/** What a test wants to say about a call; the rest is filled in. */
export interface ACall {
  requestId?: string;
  app?: string;
  instance?: string;
  model?: string;
  startedAt?: Date;
  demo?: boolean;
}

const MARKS: Record<RequestEventKind, RequestEventMark> = {
  started: 'start',
  'first-token': 'first-token',
  completed: 'end',
  failed: 'end',
  cancelled: 'end',
};

/** The events of one call, with one id and one start. */
export function aCall(call: ACall = {}) {
  const identity = {
    requestId: call.requestId ?? randomUUID(),
    app: call.app ?? 'test-app',
    instance: call.instance ?? 'instance-1',
    host: 'test-host',
    provider: 'ollama',
    model: call.model ?? 'llama3.2:3b',
    operation: 'chat',
    stream: true,
    startedAt: (call.startedAt ?? new Date()).toISOString(),
    ...(call.demo ? { demo: true } : {}),
  };
  const startMs = Date.parse(identity.startedAt);
  const subjectOf = (kind: RequestEventKind) =>
    subjects.request(kind, identity.app, identity.model);
  const publish = <D>(kind: RequestEventKind, atMs: number, data: D): Published<D> => ({
    subject: subjectOf(kind),
    event: createEvent({
      id: requestEventId(identity.requestId, MARKS[kind]),
      source: `/apps/${identity.app}/instances/${identity.instance}`,
      type: `llm.request.${kind}.v1`,
      time: new Date(atMs).toISOString(),
      subject: subjectOf(kind),
      data,
    }),
  });
  return {
    id: identity.requestId,
    started: (data: Partial<RequestStartedData> = {}) =>
      publish<RequestStartedData>('started', startMs, {
        ...identity,
        promptPreview: 'Why is the sky blue?',
        promptChars: 20,
        ...data,
      }),
    firstToken: (ttftMs = 100) =>
      publish<RequestFirstTokenData>('first-token', startMs + ttftMs, { ...identity, ttftMs }),
    completed: (data: Partial<RequestEndedData> = {}) =>
      publish<RequestEndedData>('completed', startMs + (data.durationMs ?? 1000), {
        ...identity,
        outcome: 'completed',
        durationMs: 1000,
        ttftMs: 100,
        usage: { inputTokens: 10, outputTokens: 20, source: 'server' },
        ...data,
      }),
    failed: (data: Partial<RequestEndedData> = {}) =>
      publish<RequestEndedData>('failed', startMs + (data.durationMs ?? 1000), {
        ...identity,
        outcome: 'error',
        durationMs: 1000,
        error: { type: 'ResponseError', message: 'model not found', status: 404 },
        ...data,
      }),
    cancelled: (data: Partial<RequestEndedData> = {}) =>
      publish<RequestEndedData>('cancelled', startMs + (data.durationMs ?? 1000), {
        ...identity,
        outcome: 'cancelled',
        durationMs: 1000,
        ...data,
      }),
  };
}
