import { expect, test } from 'vitest';

import type { CallContext } from './call-context.ts';
import type { CallResult } from './call-result.ts';
import { askedData, commonData, endKind, resultData } from './request-data.ts';

const context: CallContext = {
  ...{ app: 'shop', instance: 'i-1', host: 'box', demo: false, tags: [], redact: undefined },
  ...{ capture: 'preview', publish: () => undefined, publishProgress: () => undefined },
};
const described = { provider: 'ollama', model: 'm:1', operation: 'chat', stream: true };
const common = (of: object = {}, by: Partial<CallContext> = {}) =>
  commonData({ requestId: 'request-1', ...of }, 0, described, { ...context, ...by });
const result = (of: Partial<CallResult> = {}, stream = true, chunks = 3, capture = 'preview') =>
  resultData(
    commonData({ requestId: 'request-1' }, 0, { ...described, stream }, context),
    1500.12345,
    { outcome: 'completed', atMs: 0, ...of },
    { chunks, chars: 5, text: 'Hello', ttftMs: stream ? 200.00049 : undefined },
    { ...context, capture: capture as CallContext['capture'] },
  );
/** As it is written: JSON leaves out what is not known. */
const written = (data: object) => JSON.parse(JSON.stringify(data)) as Record<string, unknown>;

test('a call is told with what is known of whom it is for, and nothing else', () => {
  expect(written(common())).toEqual({
    ...{ requestId: 'request-1', app: 'shop', instance: 'i-1', host: 'box', ...described },
    startedAt: '1970-01-01T00:00:00.000Z',
  });
  const known = { logicalId: 'l', sessionId: 's', userId: 'u', traceparent: 't' };
  expect(written(common(known))).toMatchObject(known);
  const empty = { logicalId: '', sessionId: '', userId: '', traceparent: '', tags: [] };
  expect(written(common(empty))).toEqual(written(common()));
});

test('a call has the tags of its monitor and its own, as many as an event may have', () => {
  expect(common({ tags: ['night'] }, { tags: ['shop'] }).tags).toEqual(['shop', 'night']);
  expect(common({}, { tags: ['shop'] }).tags).toEqual(['shop']);
  const many = Array.from({ length: 40 }, (_, i) => `t${i}`);
  expect(common({ tags: many }, { tags: ['shop'] }).tags).toEqual(['shop', ...many.slice(0, 31)]);
});

test('a prompt is told as far as the app lets it, and whether that was all', () => {
  const asked = (capture: CallContext['capture'], promptText?: string) =>
    written(
      askedData({ ...described, ...(promptText ? { promptText } : {}) }, { ...context, capture }),
    );
  expect(asked('preview', 'Why?')).toEqual({ promptPreview: 'Why?' });
  expect(asked('off', 'Why?')).toEqual({});
  expect(asked('full', 'Why?')).toEqual({
    ...{ promptPreview: 'Why?', prompt: 'Why?', promptTruncated: false },
  });
  expect(asked('full', 'x'.repeat(30_000))['promptTruncated']).toBe(true);
  expect(asked('full')).toEqual({});
});

test('an end says how the call went, times to the microsecond', () => {
  expect(written(result({ cancelledBy: 'app', finishReason: 'stop', outputTokens: 7 }))).toEqual({
    ...{ outcome: 'completed', durationMs: 1500.123, ttftMs: 200, outputChars: 5, chunks: 3 },
    ...{ cancelledBy: 'app', finishReason: 'stop', responsePreview: 'Hello' },
    usage: { outputTokens: 7, source: 'server' },
  });
  expect(written(result({ cancelledBy: '', finishReason: '' }, false))).toEqual({
    ...{ outcome: 'completed', durationMs: 1500.123, outputChars: 5, responsePreview: 'Hello' },
    usage: { source: 'none' },
  });
  expect(written(result({}, true, 3, 'full'))).toMatchObject({
    ...{ response: 'Hello', responseTruncated: false },
  });
});

test('tokens are the server’s, else the chunks of a stream, else not known', () => {
  expect(result({ inputTokens: 4, outputTokens: 0 }).usage).toEqual({
    ...{ inputTokens: 4, outputTokens: 0, source: 'server' },
  });
  expect(written(result({ inputTokens: 4 }))['usage']).toEqual({
    ...{ inputTokens: 4, outputTokens: 3, source: 'estimate' },
  });
  expect(written(result({ inputTokens: 4 }, true, 0))['usage']).toEqual({
    ...{ inputTokens: 4, source: 'server' },
  });
  expect(written(result({}, true, 0))['usage']).toEqual({ source: 'none' });
});

test.each([
  ['completed', 'completed'],
  ['cancelled', 'cancelled'],
  ['abandoned', 'cancelled'],
  ['error', 'failed'],
  ['timeout', 'failed'],
  ['incomplete', 'failed'],
  ['orphaned', 'failed'],
] as const)('%s is told as %s', (outcome, kind) => {
  expect(endKind(outcome)).toBe(kind);
});
