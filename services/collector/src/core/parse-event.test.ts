import { describe, expect, test } from 'vitest';

import { parseEvent } from './parse-event.ts';

const BROKER = Date.UTC(2026, 0, 1, 12);
const SUBJECT = 'llm.request.completed.generator.llama3_2_3b';

function anEnd(data: Record<string, unknown> = {}, envelope: Record<string, unknown> = {}) {
  return {
    specversion: '1.0',
    id: 'request-1:end',
    source: '/apps/generator',
    type: 'llm.request.completed.v1',
    time: '2026-01-01T11:59:59.000Z',
    data: {
      ...{ requestId: 'request-1', app: 'generator', model: 'llama3.2:3b' },
      ...{ outcome: 'completed', durationMs: 1500 },
      ...data,
    },
    ...envelope,
  };
}

function parse(event: unknown, subject = SUBJECT) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  return parseEvent({
    subject,
    body: new TextEncoder().encode(body),
    sentAt: undefined,
    brokerTimeMs: BROKER,
  });
}

describe('a valid event', () => {
  test('is placed on the clock of the broker, its start before its end', () => {
    expect(parse(anEnd())).toMatchObject({
      ...{ mark: 'end', app: 'generator', id: 'request-1' },
      ...{ atMs: BROKER, startedAtMs: BROKER - 1500 },
    });
  });
  test('takes its app from the subject, whatever the body says', () => {
    expect(parse(anEnd({ app: 'somebody-else' }))).toMatchObject({ app: 'generator' });
  });
  test('may hold fields and have a version that are not known yet', () => {
    expect(parse(anEnd({ future: 1 }, { type: 'llm.request.completed.v2' }))).toMatchObject({
      mark: 'end',
    });
  });
  test('keeps nanoseconds beyond 2^53', () => {
    const parsed = parse(anEnd({ ollama: { totalDurationNs: 9_107_199_254_740_993 } }));
    expect(parsed).toMatchObject({ data: { ollama: { totalDurationNs: 9_107_199_254_740_992 } } });
  });
  test('has its previews cut once more', () => {
    const parsed = parse(anEnd({ promptPreview: 'x'.repeat(5000) }));
    expect(parsed).toMatchObject({ data: { promptPreview: `${'x'.repeat(200)}…` } });
  });
});

describe('a message that cannot be used', () => {
  test.each([
    ['half of a JSON', '{"half":', 'invalid-json'],
    ['NaN', JSON.stringify(anEnd()).replace('1500', 'NaN'), 'invalid-json'],
    ['a negative duration', anEnd({ durationMs: -1 }), 'invalid-event'],
    ['a request id with a dot', anEnd({ requestId: 'request.1' }), 'invalid-event'],
    ['no model', anEnd({ model: undefined }), 'invalid-event'],
    ['tokens as text', anEnd({ usage: { outputTokens: '9', source: 'server' } }), 'invalid-event'],
    ['an outcome of another kind', anEnd({ outcome: 'timeout' }), 'invalid-event'],
    ['a type of another kind', anEnd({}, { type: 'llm.request.failed.v1' }), 'invalid-event'],
    ['a time that is none', anEnd({}, { time: 'yesterday or so' }), 'invalid-event'],
    ['a list', [], 'invalid-event'],
    ['too much', anEnd({ responsePreview: 'x'.repeat(70_000) }), 'too-large'],
  ])('is refused with a reason: %s', (_, event, reason) => {
    const refusal = parse(event);
    expect(refusal).toMatchObject({ reason });
    expect('detail' in refusal && refusal.detail.length).toBeGreaterThan(5);
  });
  test('is refused on a subject that is none of ours', () => {
    expect(parse(anEnd(), 'llm.request.exploded.a.b')).toMatchObject({ reason: 'unknown-subject' });
  });
});
