import { expect, test } from 'vitest';

import { createContexts } from './contexts.ts';
import { judgeEnded, type EndedCall } from './judge-ended.ts';

const anEnd = (fields: Partial<EndedCall> = {}): EndedCall => ({
  ...{ endedAtMs: 0, promptChars: 40_000, inputTokens: 4000, contextTokens: 4096 },
  imageCount: undefined,
  ...fields,
});

test('a prompt that clearly had more tokens than fit, of which as many were read as fit', () => {
  expect(judgeEnded(anEnd(), {})).toEqual({
    kind: 'truncated',
    since: '1970-01-01T00:00:00.000Z',
    reason: { estimatedTokens: 8889, countedTokens: 4000, contextTokens: 4096 },
  });
});
test.each<[string, Partial<EndedCall>]>([
  ['fits', { promptChars: 16_000 }],
  ['may just fit, as text differs', { promptChars: 24_000 }],
  ['was cached, so that few tokens were counted', { inputTokens: 120 }],
  ['was read by a larger context than is known', { inputTokens: 9000 }],
  ['has images, which take tokens too', { imageCount: 1 }],
  ['has an unknown length', { promptChars: undefined }],
  ['has an unknown context', { contextTokens: undefined }],
  ['was not counted', { inputTokens: undefined }],
])('a prompt that %s is not called cut', (_, fields) => {
  expect(judgeEnded(anEnd(fields), {})).toBeUndefined();
});
test("the model's own ratio of characters to tokens is trusted more", () => {
  expect(judgeEnded(anEnd({ promptChars: 24_000 }), { charsPerToken: 4 })).toBeDefined();
  // Spaces of indented code: many characters, few tokens.
  expect(judgeEnded(anEnd({ promptChars: 26_000 }), { charsPerToken: 6 })).toBeUndefined();
});

test('a context is what was asked for, else what the server of the machine holds', () => {
  const model = { size_bytes: null, vram_bytes: null, expires_at: null };
  const hosts = [
    { name: 'a', models_loaded: [{ ...model, name: 'm:latest', context_length: 4096 }] },
    { name: 'b', models_loaded: [{ ...model, name: 'm', context_length: 8192 }] },
    { name: 'c', models_loaded: [{ ...model, name: 'only', context_length: 2048 }] },
  ];
  const contextOf = createContexts(hosts);
  expect(contextOf({ model: 'm', host: 'a' })).toBe(4096);
  expect(contextOf({ model: 'm', host: 'a', parameters: { numCtx: 512 } })).toBe(512);
  expect(contextOf({ model: 'm', host: 'far' })).toBeUndefined();
  expect(contextOf({ model: 'only', host: 'far' })).toBe(2048);
  expect(contextOf({ model: 'none' })).toBeUndefined();
});
