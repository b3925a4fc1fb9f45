import { createEvent } from '@llm-monitor/contracts/wire';
import { expect, test } from 'vitest';

import type { AskedData, CommonData, ResultData } from './request-data.ts';
import { createRequestWriter } from './request-message.ts';

const common: CommonData = {
  requestId: 'request-1',
  app: 'my "app" \\ 😀',
  instance: 'a"b',
  host: 'h',
  model: 'llama3.2:3b',
  operation: 'chat',
  stream: true,
  startedAt: '2026-01-01T00:00:00.000Z',
};
const asked: AskedData = { promptPreview: 'Why "blue"?\n\u2028' };
const result: ResultData = { outcome: 'completed', durationMs: 12.5, responsePreview: '"}' };
const atMs = Date.parse('2026-01-01T00:00:01.250Z');

/** What it would be when written as a whole. */
const whole = (kind: string, mark: string, data: object) =>
  createEvent({
    id: `request-1:${mark}`,
    source: '/apps/my "app" \\ 😀/instances/a"b',
    type: `llm.request.${kind}.v1`,
    time: '2026-01-01T00:00:01.250Z',
    subject: `llm.request.${kind}.my__app______.llama3_2_3b`,
    data,
  });

test('the events of a call are what each would be when written as a whole', () => {
  const writer = createRequestWriter(common, asked);
  const payloads = [
    writer.started(atMs),
    writer.firstToken(atMs, 3.5),
    writer.ended(atMs, result),
  ].map(({ payload }) => JSON.parse(payload) as unknown);
  expect(payloads).toEqual([
    whole('started', 'start', { ...common, ...asked }),
    whole('first-token', 'first-token', { ...common, ttftMs: 3.5 }),
    whole('completed', 'end', { ...common, ...asked, ...result }),
  ]);
});

test('a call of which nothing is known but its model has events too, with nothing in them that is not known', () => {
  const writer = createRequestWriter(
    { requestId: 'request-1', app: 'a', model: 'm', tags: undefined } as unknown as CommonData,
    { promptPreview: undefined } as unknown as AskedData,
  );
  const data = [writer.started(atMs), writer.ended(atMs, { outcome: 'error', durationMs: 0 })].map(
    ({ payload }) => (JSON.parse(payload) as { data: object }).data,
  );
  expect(data).toStrictEqual([
    { requestId: 'request-1', app: 'a', model: 'm' },
    { requestId: 'request-1', app: 'a', model: 'm', outcome: 'error', durationMs: 0 },
  ]);
});
