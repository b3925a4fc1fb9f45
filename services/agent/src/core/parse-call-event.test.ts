import { subjects } from '@llm-monitor/contracts/bus';
import { expect, test } from 'vitest';

import { eventIdOf, parseBeat, parseBegunCall, parseEndedCall } from './parse-call-event.ts';

const begun = subjects.request('started', 'my shop', 'm:1');
const ended = (kind: 'completed' | 'cancelled') => subjects.request(kind, 'my shop', 'm:1');

test('a call is named as its subject names its app', () => {
  const data = {
    ...{ requestId: 'request-1', app: 'my shop', instance: 'i1', host: 'box' },
    ...{ serverAddress: '127.0.0.1', serverPort: 11434 },
  };
  expect(parseBegunCall(begun, JSON.stringify({ data }))).toEqual({
    ...data,
    ...{ app: 'my_shop', model: 'unknown', isInference: true },
  });
  const load = { ...data, model: 'm', operation: 'load' };
  expect(parseBegunCall(begun, JSON.stringify({ data: load }))).toMatchObject({
    ...{ model: 'm', isInference: false },
  });
});

test.each(['', 'null', '[]', '{"data":1}', '{"data":{"requestId":"a b"}}', '{"data":{}}'])(
  '%s begins no call',
  (body) => {
    expect(parseBegunCall(begun, body)).toBeUndefined();
  },
);

test('an end is known by its id, and early when the answer was not complete', () => {
  const call = { app: 'my_shop', requestId: 'request-1' };
  expect(parseEndedCall(ended('completed'), 'request-1:end')).toEqual({ ...call, early: false });
  expect(parseEndedCall(ended('cancelled'), 'request-1:end')).toEqual({ ...call, early: true });
  expect(parseEndedCall(ended('completed'), 'request-1:first-token')).toBeUndefined();
  expect(parseEndedCall('llm.other', 'request-1:end')).toBeUndefined();
  expect(eventIdOf('{"id":"request-1:end"}')).toBe('request-1:end');
  expect(eventIdOf('{')).toBe('');
});

test('a beat says whether it lists all calls of its instance', () => {
  const subject = subjects.heartbeat('my shop', 'i1');
  const data = { app: 'my shop', instance: 'i1', runningRequestIds: ['request-1'], running: 1 };
  const read = (running: number) =>
    parseBeat(subject, JSON.stringify({ data: { ...data, running } }));
  expect(read(1)).toEqual({ app: 'my_shop', instance: 'i1', ids: ['request-1'], all: true });
  expect(read(2)).toMatchObject({ all: false });
  expect(parseBeat(subject, '{"data":{}}')).toBeUndefined();
});
