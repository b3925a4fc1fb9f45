import { parseRequestSubject, type RequestSubject } from '@llm-monitor/contracts/bus';
import {
  Envelope,
  MAX_EVENT_BYTES,
  OUTCOMES_BY_KIND,
  REQUEST_EVENT_KINDS,
  RequestEndedData,
  RequestFirstTokenData,
  RequestStartedData,
  type DeadLetterReason,
  type RequestEventKind,
} from '@llm-monitor/contracts/events';
import type { BITS } from '@llm-monitor/contracts/redis';
import { Type } from '@llm-monitor/contracts/typebox';
import { Compile } from '@llm-monitor/contracts/typebox/compile';

import { cleanData } from './clean-data.ts';
import { parseTime } from './parse-time.ts';
import { placeEvent } from './place-event.ts';

/** A message as the broker gives it. */
export interface Message {
  subject: string;
  body: Uint8Array;
  /** The producer's clock when it was sent, if it said so. */
  sentAt: string | undefined;
  /** When the broker stored it, ms since 1970. */
  brokerTimeMs: number;
}

interface EventOf<Mark extends keyof typeof BITS, Data> {
  mark: Mark;
  app: string;
  id: string;
  /** When it happened, ms since 1970 on the broker's clock. */
  atMs: number;
  /** When the call started, as far as this event knows; the same clock. */
  startedAtMs: number;
  data: Data;
}

/** A valid event, placed in time. */
export type RequestEvent =
  | EventOf<'start', RequestStartedData>
  | EventOf<'firstToken', RequestFirstTokenData>
  | EventOf<'end', RequestEndedData>
  | EventOf<'orphan', RequestEndedData>;

/** Why a message cannot be used. */
export interface Refusal {
  reason: DeadLetterReason;
  detail: string;
}

const withData = (data: Type.TSchema) => Compile(Type.Interface([Envelope], { data }));
/** One for all ends: each would be compiled, and become fast, by itself. */
const END_VALIDATOR = withData(RequestEndedData);
const VALIDATORS = {
  started: withData(RequestStartedData),
  'first-token': withData(RequestFirstTokenData),
  completed: END_VALIDATOR,
  failed: END_VALIDATOR,
  cancelled: END_VALIDATOR,
} as const;

/** What their types begin with. */
const TYPES = Object.fromEntries(
  REQUEST_EVENT_KINDS.map((kind) => [kind, `llm.request.${kind}.v`]),
) as Record<RequestEventKind, string>;

interface ParsedEnvelope {
  id: string;
  type: string;
  time: string;
  data: RequestStartedData | RequestFirstTokenData | RequestEndedData;
}

/** There are few subjects, and each comes thousands of times. */
const MAX_KNOWN_SUBJECTS = 2000;
const knownSubjects = new Map<string, RequestSubject>();

function readSubject(text: string): RequestSubject | undefined {
  const known = knownSubjects.get(text);
  if (known) return known;
  const subject = parseRequestSubject(text);
  if (knownSubjects.size >= MAX_KNOWN_SUBJECTS) knownSubjects.clear();
  if (subject) knownSubjects.set(text, subject);
  return subject;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads one message of the requests stream. Never throws: what cannot be used comes back with why. */
export function parseEvent(message: Message): RequestEvent | Refusal {
  const subject = readSubject(message.subject);
  if (!subject) {
    return refuse('unknown-subject', 'it must be llm.request.<kind>.<app>.<model>');
  }
  if (message.body.byteLength > MAX_EVENT_BYTES) {
    return refuse('too-large', `${message.body.byteLength} bytes; at most ${MAX_EVENT_BYTES}`);
  }
  let json: unknown;
  try {
    json = parseJson(decoder.decode(message.body));
  } catch (error) {
    return refuse('invalid-json', (error as Error).message);
  }
  const problem = findProblem(subject.kind, json);
  if (problem) return refuse('invalid-event', problem);
  const envelope = json as ParsedEnvelope;
  const timeMs = parseTime(envelope.time);
  if (Number.isNaN(timeMs)) return refuse('invalid-event', '/time is not a time');
  return toEvent(subject, envelope, timeMs, message);
}

const refuse = (reason: DeadLetterReason, detail: string): Refusal => ({ reason, detail });

function findProblem(kind: RequestEventKind, json: unknown): string | undefined {
  const validator = VALIDATORS[kind];
  if (!validator.Check(json)) {
    const [first] = validator.Errors(json);
    return first
      ? `${first.instancePath || 'the event'} ${first.message}`
      : 'it is not a valid event';
  }
  const event = json as unknown as ParsedEnvelope;
  if (!event.type.startsWith(TYPES[kind])) {
    return `/type is ${event.type}, on a subject of llm.request.${kind}`;
  }
  if (kind in OUTCOMES_BY_KIND && 'outcome' in event.data) {
    const allowed: readonly string[] = OUTCOMES_BY_KIND[kind as keyof typeof OUTCOMES_BY_KIND];
    if (!allowed.includes(event.data.outcome)) {
      return `/data/outcome is ${event.data.outcome}; ${kind} takes ${allowed.join(', ')}`;
    }
  }
  return undefined;
}

function toEvent(
  { kind, app }: RequestSubject,
  envelope: ParsedEnvelope,
  timeMs: number,
  message: Message,
): RequestEvent {
  const data = envelope.data as RequestEndedData;
  cleanData(data);
  const sentAtMs = message.sentAt === envelope.time ? timeMs : parseSentAt(message.sentAt);
  const atMs = placeEvent({ timeMs, sentAtMs, brokerTimeMs: message.brokerTimeMs });
  const id = data.requestId;
  // Written out, and not spread from what they have in common: V8 takes ten times as long for that.
  if (kind === 'started') return { app, id, atMs, mark: 'start', startedAtMs: atMs, data };
  if (kind === 'first-token') {
    const first = envelope.data as RequestFirstTokenData;
    const startedAtMs = atMs - Math.round(first.ttftMs);
    return { app, id, atMs, mark: 'firstToken', startedAtMs, data: first };
  }
  const startedAtMs = atMs - Math.round(data.durationMs);
  return {
    app,
    id,
    atMs,
    mark: data.outcome === 'orphaned' ? 'orphan' : 'end',
    startedAtMs,
    data,
  };
}

function parseSentAt(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseTime(text);
}

/** Half a surrogate pair, which an app gets by slicing a text: Redis' JSON and URL encoding refuse it. */
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

function parseJson(text: string): unknown {
  if (!text.includes('\\u') || !ESCAPED_SURROGATE.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
}
