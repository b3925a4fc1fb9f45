import type {
  RequestEndedData,
  RequestFirstTokenData,
  RequestStartedData,
} from '@llm-monitor/contracts/events';
import { BITS, type RequestRecord } from '@llm-monitor/contracts/redis';

import type { RequestEvent } from './parse-event.ts';

/**
 * The events that a kept request was made of, as far as they can be told from it: folding them gives the same request and the same
 * counts. What the stream no longer has is brought into another generation by them. Pure.
 */
export function eventsOfRecord(record: RequestRecord): RequestEvent[] {
  const { bits, app, id } = record;
  const startedAtMs = record.startedAtMs ?? record.endedAtMs ?? 0;
  const asked = { ...record, requestId: id } as unknown as RequestStartedData;
  const events: RequestEvent[] = [];
  if (bits & BITS.start) {
    events.push({ app, id, mark: 'start', atMs: startedAtMs, startedAtMs, data: asked });
  }
  if (bits & BITS.firstToken) {
    const ttftMs = record.ttftMs ?? 0;
    const data = { ...asked, ttftMs } as RequestFirstTokenData;
    events.push({ app, id, mark: 'firstToken', atMs: startedAtMs + ttftMs, startedAtMs, data });
  }
  const atMs = record.endedAtMs ?? startedAtMs + (record.durationMs ?? 0);
  const ended = {
    ...asked,
    outcome: record.outcome ?? 'orphaned',
    durationMs: record.durationMs ?? Math.max(0, atMs - startedAtMs),
  } as RequestEndedData;
  if (bits & BITS.end) events.push({ app, id, mark: 'end', atMs, startedAtMs, data: ended });
  if (bits & BITS.orphan) {
    // Beside an end it says only that it was there: the end is what counts.
    const data = { ...ended, outcome: 'orphaned' as const };
    events.push({ app, id, mark: 'orphan', atMs, startedAtMs, data });
  }
  return events;
}
