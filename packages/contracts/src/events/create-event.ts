import type { Envelope } from './envelope.ts';

/** An envelope with its data. */
export interface CloudEvent<Data> extends Envelope {
  data: Data;
}

/** Writes the envelope around `data`. `time` is RFC 3339 on the producer's clock, `subject` where it is published on NATS. */
export function createEvent<Data>(event: {
  id: string;
  source: string;
  type: string;
  time: string;
  subject?: string;
  data: Data;
}): CloudEvent<Data> {
  return {
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    time: event.time,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    datacontenttype: 'application/json',
    data: event.data,
  };
}

/**
 * The JSON of such an event around `data` that is JSON already, for who writes many. All else must be as it stands between quotes
 * in JSON: nothing is escaped.
 */
export function writeEvent(event: {
  id: string;
  source: string;
  type: string;
  time: string;
  subject: string;
  data: string;
}): string {
  const { id, source, type, time, subject, data } = event;
  return (
    `{"specversion":"1.0","id":"${id}","source":"${source}","type":"${type}","time":"${time}",` +
    `"subject":"${subject}","datacontenttype":"application/json","data":${data}}`
  );
}

/** The last part of a request event's id; the phase that it marks. */
export type RequestEventMark = 'start' | 'first-token' | 'end' | 'orphan';

/** `<requestId>:<mark>`, the id of a request event and its `Nats-Msg-Id`. */
export function requestEventId(requestId: string, mark: RequestEventMark): string {
  return `${requestId}:${mark}`;
}
