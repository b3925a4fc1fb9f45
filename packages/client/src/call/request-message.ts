import { subjects } from '@llm-monitor/contracts/bus';
import type {
  RequestEndedData,
  RequestEventKind,
  RequestFirstTokenData,
  RequestStartedData,
} from '@llm-monitor/contracts/events';
import {
  createEvent,
  MAX_EVENT_BYTES,
  requestEventId,
  type RequestEventMark,
} from '@llm-monitor/contracts/wire';

import { isoTime } from './iso-time.ts';

/** A durable message as it goes onto the bus. */
export interface RequestMessage {
  requestId: string;
  mark: RequestEventMark;
  id: string;
  subject: string;
  payload: string;
}

type RequestData = RequestStartedData | RequestFirstTokenData | RequestEndedData;

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

/** Writes one request event. `atMs` is wall time in milliseconds. */
export function requestMessage(
  kind: RequestEventKind,
  atMs: number,
  data: RequestData,
): RequestMessage {
  const mark = MARKS[kind];
  const id = requestEventId(data.requestId, mark);
  const subject = subjects.request(kind, data.app, data.model);
  const write = (fields: RequestData) =>
    JSON.stringify(
      createEvent({
        id,
        source: `/apps/${data.app}/instances/${data.instance ?? ''}`,
        type: `llm.request.${kind}.v1`,
        time: isoTime(atMs),
        subject,
        data: fields,
      }),
    );
  let payload = write(data);
  if (payload.length > SURELY_FITS) {
    const fitting: Partial<RequestEndedData> = { ...data };
    for (const field of EXPENDABLE) {
      if (Buffer.byteLength(payload) <= MAX_EVENT_BYTES) break;
      delete fitting[field];
      payload = write(fitting as RequestData);
    }
  }
  return { requestId: data.requestId, mark, id, subject, payload };
}
