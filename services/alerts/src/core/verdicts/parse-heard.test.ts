import { MAX_EVENT_BYTES } from '@llm-monitor/contracts/events';
import { expect, test } from 'vitest';

import { parseCompletedMessage, parseProgressMessage } from './parse-heard.ts';

const bytes = (data: unknown) =>
  new TextEncoder().encode(
    JSON.stringify({
      ...{ specversion: '1.0', id: 'event-1', source: '/tests', type: 'llm.test.v1' },
      ...{ time: '2026-01-01T12:00:00.000Z', data },
    }),
  );
const call = { requestId: 'request-1', app: 'x', model: 'm:1' };
const progress = { ...call, phase: 'generating', chunks: 3, chars: 12 };
const ended = { ...call, outcome: 'completed', durationMs: 5 };
const ON_PROGRESS = 'llm.progress.shop.m_1';
const ON_END = 'llm.request.completed.shop.m_1';

test('progress is of the call of the app that its subject names', () => {
  const { requestId: _, app: __, model: ___, ...said } = progress;
  expect(parseProgressMessage(ON_PROGRESS, bytes(progress), 7)).toEqual({
    ...{ member: 'request-1:shop', progress: { atMs: 7, ...said } },
  });
  const repeating = { period: 5, times: 9 };
  expect(parseProgressMessage(ON_PROGRESS, bytes({ ...progress, repeating }), 7)).toMatchObject({
    progress: { repeating },
  });
});

test('an end is of the app that its subject names', () => {
  expect(parseCompletedMessage(ON_END, bytes(ended))).toEqual({ app: 'shop', data: ended });
});

test('what is no such event, or larger than one may be, is of no use', () => {
  const cut = bytes(progress).subarray(0, 50);
  const huge = { ...progress, more: 'x'.repeat(MAX_EVENT_BYTES) };
  for (const body of [cut, bytes(ended), bytes(huge)]) {
    expect(parseProgressMessage(ON_PROGRESS, body, 7)).toBeUndefined();
  }
  expect(parseProgressMessage('llm.progress', bytes(progress), 7)).toBeUndefined();
  for (const body of [cut, bytes(progress)]) {
    expect(parseCompletedMessage(ON_END, body)).toBeUndefined();
  }
  expect(parseCompletedMessage('llm.request.exploded.a.b', bytes(ended))).toBeUndefined();
});
