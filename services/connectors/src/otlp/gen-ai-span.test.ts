import type { RequestEndedData } from '@llm-monitor/contracts/events';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { describe, expect, test } from 'vitest';

import { readEndedCall, type EndedCall } from './ended-call.ts';
import { toSpan } from './gen-ai-span.ts';

const call = (data: Partial<RequestEndedData> = {}): EndedCall => ({
  ...{ app: 'shop', startedAtMs: 1000, endedAtMs: 2000.5 },
  data: {
    ...{ requestId: 'request-1', app: 'shop', model: 'phi3', outcome: 'completed' },
    durationMs: 1000.5,
    ...data,
  },
});
const options = { resource: resourceFromAttributes({}), scope: { name: 'test' } };
const span = (data?: Partial<RequestEndedData>, hasMessages = false) =>
  toSpan(call(data), { ...options, hasMessages });
const ids = (data?: Partial<RequestEndedData>) => {
  const { spanContext, parentSpanContext } = span(data);
  const { traceId, spanId } = spanContext();
  return { traceId, spanId, parentId: parentSpanContext?.spanId };
};

describe('the span of a call', () => {
  test('is named by the words of the conventions, and has the true times', () => {
    expect(span({ operation: 'generate' })).toMatchObject({
      ...{ name: 'text_completion phi3', startTime: [1, 0], endTime: [2, 500_000] },
      duration: [1, 500_000],
    });
    expect(span({ operation: 'embed' }).name).toBe('embeddings phi3');
    expect(span().name).toBe('chat phi3');
  });

  test('has prompt and response only where that is asked for', () => {
    const texts = { prompt: 'whole', promptPreview: 'who', responsePreview: 'Because.' };
    expect(JSON.stringify(span(texts).attributes)).not.toMatch(/whole|who|Because/);
    expect(span(texts, true).attributes).toMatchObject({
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"whole"}]}]',
      'gen_ai.output.messages':
        '[{"role":"assistant","parts":[{"type":"text","content":"Because."}]}]',
    });
    expect(span({}, true).attributes).not.toHaveProperty(['gen_ai.input.messages']);
  });

  test.each<[Partial<RequestEndedData>, string | undefined, number]>([
    [{ outcome: 'error', error: { type: 'TypeError', message: 'm' } }, 'TypeError', 2],
    [{ outcome: 'error' }, '_OTHER', 2],
    [{ outcome: 'timeout', error: { type: 'TimeoutError', message: 'm' } }, 'timeout', 2],
    [{ outcome: 'orphaned' }, 'orphaned', 2],
    [{ outcome: 'cancelled' }, undefined, 0],
    [{ outcome: 'completed' }, undefined, 0],
  ])('of %o says how it failed', (data, type, code) => {
    const { attributes, status } = span(data);
    expect([attributes['error.type'], status.code]).toEqual([type, code]);
  });

  test('belongs to the trace of the app, and else has one of its own, always the same', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const own = ids();
    expect(ids({ traceparent })).toEqual({
      ...{ traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), spanId: own.spanId },
    });
    expect(own).toEqual({ ...ids({ outcome: 'error' }), parentId: undefined });
    for (const wrong of ['00-xyz', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`]) {
      expect(ids({ traceparent: wrong })).toEqual(own);
    }
    const [first, second] = ['request-1', 'request-2'].map((requestId) =>
      ids({ requestId, logicalId: 'both' }),
    );
    expect(first?.traceId).toBe(second?.traceId);
    expect(first?.spanId).not.toBe(second?.spanId);
  });
});

describe('a message of the stream', () => {
  const event = (data: object, time = '2026-05-01T10:00:01.000Z') =>
    Buffer.from(
      JSON.stringify({
        ...{ specversion: '1.0', id: 'x', source: '/x', type: 'llm.request.completed.v1', time },
        data: { ...call().data, ...data },
      }),
    );
  const read = (data: object, subject = 'llm.request.completed.shop.phi3') =>
    readEndedCall(subject, event(data));

  test('is a call with the app of its subject', () => {
    expect(read({ app: 'forged' })?.app).toBe('shop');
    const startedAtMs = Date.parse('2026-05-01T10:00:01.000Z') - 1000.5;
    expect(read({})).toMatchObject({ startedAtMs, endedAtMs: startedAtMs + 1000.5 });
    const startedAt = '2026-05-01T09:00:00.000Z';
    expect(read({ startedAt })?.startedAtMs).toBe(Date.parse(startedAt));
  });

  test.each([
    ['a start', {}, 'llm.request.started.shop.phi3'],
    ['another subject', {}, 'llm.progress.shop.phi3'],
    ['an end that contradicts itself', { outcome: 'timeout' }, undefined],
    ['no number', { durationMs: 'long' }, undefined],
  ])('that is no end of a call is none: %s', (_, data, subject) => {
    expect(read(data, subject)).toBeUndefined();
  });

  test('that is no JSON is none', () => {
    const body = Buffer.from('{');
    expect(readEndedCall('llm.request.completed.shop.phi3', body)).toBeUndefined();
  });
});
