import {
  Envelope,
  MAX_EVENT_BYTES,
  ProgressData,
  RequestEndedData,
} from '@llm-monitor/contracts/events';
import { parseRequestSubject } from '@llm-monitor/contracts/bus';
import { requestMember, type StoredProgress } from '@llm-monitor/contracts/redis';
import { Type } from '@llm-monitor/contracts/typebox';
import { Compile } from '@llm-monitor/contracts/typebox/compile';

const progress = Compile(Type.Interface([Envelope], { data: ProgressData }));
const ended = Compile(Type.Interface([Envelope], { data: RequestEndedData }));

/** Progress of a running call. The app is the subject's, since NATS guards subjects and not bodies. */
export function parseProgressMessage(
  subject: string,
  body: Uint8Array,
  atMs: number,
): { member: string; progress: StoredProgress } | undefined {
  const app = subject.split('.')[2];
  const event = readJson(body);
  if (!app || !progress.Check(event)) return undefined;
  const { requestId, phase, chunks, chars, repeating } = event.data;
  return {
    member: requestMember(app, requestId),
    progress: { atMs, phase, chunks, chars, ...(repeating ? { repeating } : {}) },
  };
}

/** A call that ended well. */
export function parseCompletedMessage(
  subject: string,
  body: Uint8Array,
): { app: string; data: RequestEndedData } | undefined {
  const app = parseRequestSubject(subject)?.app;
  const event = readJson(body);
  return app && ended.Check(event) ? { app, data: event.data } : undefined;
}

function readJson(body: Uint8Array): unknown {
  if (body.length > MAX_EVENT_BYTES) return undefined;
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
  } catch {
    return undefined;
  }
}
