import { subjects } from '@llm-monitor/contracts/bus';
import type { RequestEndedData, RequestEventKind } from '@llm-monitor/contracts/events';
import {
  MAX_EVENT_BYTES,
  requestEventId,
  writeEvent,
  type RequestEventMark,
} from '@llm-monitor/contracts/wire';

import { isoTime } from './iso-time.ts';
import { endKind, type AskedData, type CommonData, type ResultData } from './request-data.ts';

/** A durable message as it goes onto the bus. */
export interface RequestMessage {
  requestId: string;
  mark: RequestEventMark;
  id: string;
  subject: string;
  payload: string;
}

const MARKS: Record<RequestEventKind, RequestEventMark> = {
  started: 'start',
  'first-token': 'first-token',
  completed: 'end',
  failed: 'end',
  cancelled: 'end',
};

/** What may be left out, in this order, of an event that is too large: escaping can make a text much longer. */
const EXPENDABLE = ['prompt', 'response', 'toolNames', 'promptPreview', 'responsePreview'] as const;

/** UTF-16 code units that cannot be more bytes of UTF-8 than an event may have. */
const SURELY_FITS = MAX_EVENT_BYTES / 3;

/** Writes the events of one call. `atMs` is wall time in milliseconds. */
export interface RequestWriter {
  started(atMs: number): RequestMessage;
  firstToken(atMs: number, ttftMs: number): RequestMessage;
  /** With everything, so that it is enough when it is the first to arrive. */
  ended(atMs: number, result: ResultData): RequestMessage;
}

/** What the events of a call share becomes JSON once, and they are put together of texts, which takes half the time of writing each by itself. */
export function createRequestWriter(common: CommonData, asked: AskedData): RequestWriter {
  return new Writer(common, asked);
}

class Writer implements RequestWriter {
  private readonly common: CommonData;
  private readonly source: string;
  private readonly safeId: string;
  private readonly commonFields: string;
  private readonly askedFields: string;

  constructor(common: CommonData, asked: AskedData) {
    const { requestId, app, instance = '' } = common;
    this.common = common;
    this.source = quoted(`/apps/${app}/instances/${instance}`);
    this.safeId = quoted(requestId);
    this.commonFields = inner(JSON.stringify(common));
    this.askedFields = and(inner(JSON.stringify(asked)));
  }

  started(atMs: number): RequestMessage {
    return this.write('started', atMs, this.commonFields + this.askedFields);
  }

  firstToken(atMs: number, ttftMs: number): RequestMessage {
    return this.write(
      'first-token',
      atMs,
      `${this.commonFields},"ttftMs":${JSON.stringify(ttftMs)}`,
    );
  }

  ended(atMs: number, result: ResultData): RequestMessage {
    const fields = this.commonFields + this.askedFields + and(inner(JSON.stringify(result)));
    return this.write(endKind(result.outcome), atMs, fields);
  }

  private write(kind: RequestEventKind, atMs: number, fields: string): RequestMessage {
    const { requestId, app, model } = this.common;
    const mark = MARKS[kind];
    const head = {
      id: requestEventId(this.safeId, mark),
      source: this.source,
      type: `llm.request.${kind}.v1`,
      time: isoTime(atMs),
      subject: subjects.request(kind, app, model),
    };
    const payload = payloadOf(head, `{${fields}}`);
    return {
      requestId,
      mark,
      id: requestEventId(requestId, mark),
      subject: head.subject,
      payload: payload.length > SURELY_FITS ? fitting(payload, fields, head) : payload,
    };
  }
}

type Head = Omit<Parameters<typeof writeEvent>[0], 'data'>;

function payloadOf({ id, source, type, time, subject }: Head, data: string): string {
  return writeEvent({ id, source, type, time, subject, data });
}

/** In JSON it is as it is. */
const PLAIN = /^[\w./: -]*$/;

/** A text as it stands between quotes in JSON. */
function quoted(text: string): string {
  return PLAIN.test(text) ? text : inner(JSON.stringify(text));
}

/** What stands between the brackets or quotes of a piece of JSON. */
function inner(json: string): string {
  return json.slice(1, -1);
}

/** Fields behind others. */
function and(fields: string): string {
  return fields === '' ? '' : `,${fields}`;
}

/** An event that is not too large, of which as little as possible was left out. */
function fitting(payload: string, fields: string, head: Head): string {
  if (Buffer.byteLength(payload) <= MAX_EVENT_BYTES) return payload;
  let fits = payload;
  // Of what was written: of its pieces one may name a field as unknown that another knows.
  const data = JSON.parse(`{${fields}}`) as Partial<RequestEndedData>;
  for (const field of EXPENDABLE) {
    delete data[field];
    fits = payloadOf(head, JSON.stringify(data));
    if (Buffer.byteLength(fits) <= MAX_EVENT_BYTES) break;
  }
  return fits;
}
