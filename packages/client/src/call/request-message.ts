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
  const { requestId, app, model, instance = '' } = common;
  const source = inner(JSON.stringify(`/apps/${app}/instances/${instance}`));
  const safeId = inner(JSON.stringify(requestId));
  const commonFields = inner(JSON.stringify(common));
  const askedFields = and(inner(JSON.stringify(asked)));
  const write = (kind: RequestEventKind, atMs: number, fields: string): RequestMessage => {
    const mark = MARKS[kind];
    const subject = subjects.request(kind, app, model);
    const payloadOf = (data: string) =>
      writeEvent({
        id: requestEventId(safeId, mark),
        source,
        type: `llm.request.${kind}.v1`,
        time: isoTime(atMs),
        subject,
        data,
      });
    const payload = payloadOf(`{${fields}}`);
    return {
      requestId,
      mark,
      id: requestEventId(requestId, mark),
      subject,
      payload: payload.length > SURELY_FITS ? fitting(payload, fields, payloadOf) : payload,
    };
  };
  return {
    started: (atMs) => write('started', atMs, commonFields + askedFields),
    firstToken: (atMs, ttftMs) =>
      write('first-token', atMs, `${commonFields},"ttftMs":${JSON.stringify(ttftMs)}`),
    ended: (atMs, result) =>
      write(
        endKind(result.outcome),
        atMs,
        commonFields + askedFields + and(inner(JSON.stringify(result))),
      ),
  };
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
function fitting(payload: string, fields: string, payloadOf: (data: string) => string): string {
  if (Buffer.byteLength(payload) <= MAX_EVENT_BYTES) return payload;
  let fits = payload;
  // Of what was written: of its pieces one may name a field as unknown that another knows.
  const data = JSON.parse(`{${fields}}`) as Partial<RequestEndedData>;
  for (const field of EXPENDABLE) {
    delete data[field];
    fits = payloadOf(JSON.stringify(data));
    if (Buffer.byteLength(fits) <= MAX_EVENT_BYTES) break;
  }
  return fits;
}
