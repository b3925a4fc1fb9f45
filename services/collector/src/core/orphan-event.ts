import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  requestEventId,
  type CloudEvent,
  type RequestEndedData,
} from '@llm-monitor/contracts/events';
import type { RequestRecord } from '@llm-monitor/contracts/redis';

/** The event that says of a call that nobody will tell its end. Only consuming it changes a count, so a replay agrees. */
export function createOrphanEvent(
  record: RequestRecord,
  nowMs: number,
): { subject: string; event: CloudEvent<RequestEndedData> } {
  const { id, app, model } = record;
  const startedAtMs = record.startedAtMs ?? nowMs;
  const data: RequestEndedData = {
    requestId: id,
    app,
    model,
    ...(record.instance === undefined ? {} : { instance: record.instance }),
    ...(record.host === undefined ? {} : { host: record.host }),
    ...(record.provider === undefined ? {} : { provider: record.provider }),
    ...(record.operation === undefined ? {} : { operation: record.operation }),
    ...(record.stream === undefined ? {} : { stream: record.stream }),
    ...(record.promptPreview === undefined ? {} : { promptPreview: record.promptPreview }),
    ...(record.sessionId === undefined ? {} : { sessionId: record.sessionId }),
    ...(record.demo === undefined ? {} : { demo: record.demo }),
    startedAt: new Date(startedAtMs).toISOString(),
    outcome: 'orphaned',
    durationMs: Math.max(0, nowMs - startedAtMs),
    error: {
      type: 'OrphanedError',
      message:
        'the app fell silent before it told how the call ended: it was killed, or lost its network',
    },
  };
  const subject = subjects.request('failed', app, model);
  return {
    subject,
    event: createEvent({
      id: requestEventId(id, 'orphan'),
      source: '/services/collector',
      type: 'llm.request.failed.v1',
      time: new Date(nowMs).toISOString(),
      subject,
      data,
    }),
  };
}
