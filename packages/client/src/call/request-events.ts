import { subjects } from '@llm-monitor/contracts/bus';
import type {
  RequestEndedData,
  RequestEventKind,
  RequestFirstTokenData,
  RequestStartedData,
} from '@llm-monitor/contracts/events';
import { createEvent, requestEventId, type RequestEventMark } from '@llm-monitor/contracts/wire';

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

/** Which kind of end event carries an outcome. */
export function endKind(outcome: RequestEndedData['outcome']): RequestEventKind {
  if (outcome === 'completed') return 'completed';
  return outcome === 'cancelled' || outcome === 'abandoned' ? 'cancelled' : 'failed';
}

/** Writes one request event. `atMs` is wall time in milliseconds. */
export function requestMessage(
  kind: RequestEventKind,
  atMs: number,
  data: RequestStartedData | RequestFirstTokenData | RequestEndedData,
): RequestMessage {
  const mark = MARKS[kind];
  const id = requestEventId(data.requestId, mark);
  const event = createEvent({
    id,
    source: `/apps/${data.app}/instances/${data.instance ?? ''}`,
    type: `llm.request.${kind}.v1`,
    time: new Date(atMs).toISOString(),
    data,
  });
  return {
    requestId: data.requestId,
    mark,
    id,
    subject: subjects.request(kind, data.app, data.model),
    payload: JSON.stringify(event),
  };
}
