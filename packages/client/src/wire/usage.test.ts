import { expect, test } from 'vitest';

import type { AnswerFacts } from './answer.ts';
import { findWireFormat } from './find-wire-format.ts';
import { noteTimings, noteUsage } from './usage.ts';

/** How a stream of chat completions ends, as far as its counts go. */
function countsOf(...chunks: object[]) {
  const ends: { inputTokens?: number; outputTokens?: number }[] = [];
  const reader = findWireFormat('http://127.0.0.1:8000/v1/chat/completions')?.reader(
    { status: 200, statusText: 'OK', ok: true, contentType: 'text/event-stream' },
    {
      ...{ requestId: 'r', isRunning: () => true, start: () => undefined },
      ...{ output: () => undefined, progress: () => undefined },
      end: (result) => void ends.push(result),
    },
  );
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'];
  reader?.chunk(Buffer.from(events.map((event) => `data: ${event}\n\n`).join('')), 1);
  reader?.end(2);
  const { inputTokens, outputTokens } = ends[0] ?? {};
  return { inputTokens, outputTokens };
}

const said = { choices: [{ index: 0, delta: { content: 'Blue' }, finish_reason: null }] };
const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const timings = { cache_n: 31, prompt_n: 1, prompt_ms: 72.9, predicted_n: 8, predicted_ms: 240.8 };

test('a stream of llama.cpp carries its counts in the timings, asked for or not', () => {
  expect(countsOf(said, { ...finish, timings })).toEqual({ inputTokens: 32, outputTokens: 8 });
});

test('those of each token grow to the last', () => {
  const first = { ...said, timings: { ...timings, predicted_n: 1 } };
  expect(countsOf(first, { ...finish, timings })).toEqual({ inputTokens: 32, outputTokens: 8 });
});

test('an older one does not say what of the prompt it had in its cache: then its length is not known', () => {
  const { cache_n: _, ...older } = timings;
  expect(countsOf(said, { ...finish, timings: older })).toEqual({ outputTokens: 8 });
});

test('a usage has the last word', () => {
  const usage = { prompt_tokens: 33, completion_tokens: 9 };
  const expected = { inputTokens: 33, outputTokens: 9 };
  expect(countsOf(said, finish, { choices: [], usage, timings })).toEqual(expected);
  expect(countsOf(said, { ...finish, timings }, { choices: [], usage })).toEqual(expected);
});

test.each([null, 'fast', { predicted_n: 'many', prompt_n: -1, cache_n: 0 }])(
  'timings that are none (%j) are no counts',
  (odd) => {
    expect(countsOf(said, { ...finish, timings: odd })).toEqual({});
  },
);

test('what Anthropic counts apart of a prompt belongs to it, and what is missing stays as it was', () => {
  const facts: AnswerFacts = { state: 'open' };
  noteUsage({ input_tokens: 10, cache_creation_input_tokens: 5, output_tokens: 1 }, facts);
  noteUsage({ input_tokens: 10, cache_read_input_tokens: 7 }, facts);
  expect(facts).toEqual({ state: 'open', inputTokens: 17, outputTokens: 1 });
  noteTimings({ prompt_n: 20, cache_n: 2 }, facts);
  expect(facts).toEqual({ state: 'open', inputTokens: 22, outputTokens: 1 });
});
