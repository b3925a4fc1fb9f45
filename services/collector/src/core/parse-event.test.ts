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

function parse(event: unknown, subject = SUBJECT, sentAt?: string) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  return parseEvent({
    subject,
    body: new TextEncoder().encode(body),
    sentAt,
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
    const parsed = parse(
      anEnd({ promptPreview: 'x'.repeat(5000), responsePreview: 'y'.repeat(300) }),
    );
    expect(parsed).toMatchObject({
      data: { promptPreview: `${'x'.repeat(200)}…`, responsePreview: `${'y'.repeat(200)}…` },
    });
  });
  test('waited in its producer as long as that says', () => {
    const end = anEnd();
    const placed = (sentAt: string) => parse(end, SUBJECT, sentAt);
    expect(placed(end.time)).toMatchObject({ atMs: BROKER });
    expect(placed('2026-01-01T12:00:59.000Z')).toMatchObject({ atMs: BROKER - 60_000 });
    expect(placed('at some time')).toMatchObject({ atMs: BROKER });
  });
  test('is a start, a first token, an end or an orphan, each placed where its call began', () => {
    const ofKind = (kind: string, data: Record<string, unknown>) =>
      parse(
        anEnd(
          { outcome: undefined, durationMs: undefined, ...data },
          { type: `llm.request.${kind}.v1` },
        ),
        `llm.request.${kind}.generator.m`,
      );
    const at = (startedAtMs: number) => ({ atMs: BROKER, startedAtMs });
    expect(ofKind('started', {})).toMatchObject({ mark: 'start', ...at(BROKER) });
    expect(ofKind('first-token', { ttftMs: 200.4 })).toMatchObject({
      ...{ mark: 'firstToken', ...at(BROKER - 200) },
      data: { ttftMs: 200.4 },
    });
    expect(ofKind('failed', { outcome: 'orphaned', durationMs: 70 })).toMatchObject({
      ...{ mark: 'orphan', ...at(BROKER - 70) },
    });
    expect(ofKind('failed', { outcome: 'error', durationMs: 70 })).toMatchObject({ mark: 'end' });
  });
  test('keeps of its nested parts what is known, and of its times the microseconds', () => {
    const known = {
      ...{ parameters: { topK: 3 }, usage: { outputTokens: 9, source: 'server' } },
      ...{ ollama: { loadDurationNs: 5 }, error: { type: 'E', message: 'no' } },
    };
    const more = Object.fromEntries(
      Object.entries(known).map(([part, fields]) => [part, { ...fields, deep: { er: [{}] } }]),
    );
    const parsed = parse(anEnd({ ...more, durationMs: 1500.123456, ttftMs: 7.000_4 }));
    const { data } = parsed as { data: Record<string, unknown> };
    expect(data).toEqual({ ...anEnd().data, ...known, durationMs: 1500.123, ttftMs: 7 });
    expect(Object.keys((data['parameters'] ?? {}) as object)).toEqual(['topK']);
    expect(parse(anEnd())).toMatchObject({ data: { durationMs: 1500 } });
    expect((parse(anEnd()) as { data: object }).data).toEqual(anEnd().data);
  });
  test('has half a surrogate pair replaced, wherever it stands, and a whole one left', () => {
    const end = anEnd({ promptPreview: 'a\ud83d', tags: ['\udc00b', '\ud83d\ude00'] });
    expect(JSON.stringify(end)).toContain('\\ud83d');
    expect(parse(end)).toMatchObject({
      data: { promptPreview: 'a\ufffd', tags: ['\ufffdb', '\ud83d\ude00'], durationMs: 1500 },
    });
    const escaped = JSON.stringify(anEnd()).replace('llama3.2:3b', '\\u006d:1\\n');
    expect(parse(escaped)).toMatchObject({ data: { model: 'm:1\n' } });
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
  test('is refused with what is wrong, and where', () => {
    expect(parse([])).toMatchObject({ detail: expect.stringMatching(/^the event must /) });
    expect(parse(anEnd({ durationMs: -1 }))).toMatchObject({
      detail: expect.stringMatching(/^\/data\/durationMs must /),
    });
  });
  test('is refused on a subject that is none of ours', () => {
    expect(parse(anEnd(), 'llm.request.exploded.a.b')).toMatchObject({ reason: 'unknown-subject' });
  });
});
