import type { RequestRecord } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { createOrphanEvent } from './orphan-event.ts';
import { parseEvent } from './parse-event.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const record: RequestRecord = {
  ...{ bits: 1, id: 'request-1', app: 'shop', model: 'm:1', startedAtMs: NOW - 40_000 },
  ...{ instance: 'i-1', host: 'box', provider: 'ollama', operation: 'chat', stream: true },
  ...{ promptPreview: 'Why?', sessionId: 's-1', demo: true },
};

function parsed(of: RequestRecord) {
  const { subject, event } = createOrphanEvent(of, NOW);
  const body = new TextEncoder().encode(JSON.stringify(event));
  return parseEvent({ subject, body, sentAt: event.time, brokerTimeMs: NOW });
}

test('a call of which nobody will tell the end gets an event that a collector takes for that', () => {
  const { bits: _, id, startedAtMs: __, ...said } = record;
  expect(parsed(record)).toMatchObject({
    ...{ mark: 'orphan', app: 'shop', id, atMs: NOW, startedAtMs: NOW - 40_000 },
    data: { ...said, requestId: id, outcome: 'orphaned', durationMs: 40_000 },
  });
});

test('it says nothing that is not known of the call, and takes no time backwards', () => {
  const unknown = { bits: 1, id: 'request-1', app: 'shop', model: 'm:1' };
  const { event } = createOrphanEvent(unknown, NOW);
  expect(Object.keys(event.data).toSorted()).toEqual(
    ['app', 'durationMs', 'error', 'model', 'outcome', 'requestId', 'startedAt'].toSorted(),
  );
  expect(event.data).toMatchObject({ durationMs: 0, startedAt: new Date(NOW).toISOString() });
  expect(parsed({ ...unknown, startedAtMs: NOW + 5000 })).toMatchObject({
    data: { durationMs: 0 },
  });
});
