import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { CallResult } from '../call/call-result.ts';
import type { CallTracker } from '../call/call-tracker.ts';
import { findWireFormat } from './find-wire-format.ts';

// `npm test` tries the same values each time, `pnpm fuzz` many others.
const factor = process.env['FUZZ_FACTOR'];
const RUNS = factor === undefined ? { numRuns: 200, seed: 1 } : { numRuns: 200 * Number(factor) };

interface Told {
  text: string;
  end: CallResult | undefined;
}

/** What a tracker is told of an answer that comes in these chunks, up to its end. */
function read(url: string, contentType: string, chunks: readonly Uint8Array[]): Told {
  const told: Told = { text: '', end: undefined };
  const tracker: CallTracker = {
    ...{ requestId: 'r', isRunning: () => true, start: () => undefined, progress: () => undefined },
    output: (piece) => void (told.end || (told.text += piece.text ?? '')),
    end: (result) => void (told.end ??= result),
  };
  const head = { status: 200, statusText: 'OK', ok: true, contentType };
  const reader = findWireFormat(url)?.reader(head, tracker);
  for (const chunk of chunks) reader?.chunk(chunk, 1);
  reader?.settled?.();
  reader?.end(1);
  return told;
}

/** Cuts bytes at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort(
    (a, b) => a - b,
  );
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

const lines = (messages: object[]) => messages.map((one) => `${JSON.stringify(one)}\n`).join('');
const events = (messages: object[]) =>
  messages.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('');
const chat = (pieces: string[]) =>
  lines([
    ...pieces.map((content) => ({ message: { role: 'assistant', content }, done: false })),
    {
      ...{ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' },
      ...{ prompt_eval_count: 7, eval_count: 9 },
    },
  ]);
const completions = (pieces: string[]) =>
  `${events([
    ...pieces.map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 7, completion_tokens: 9 } },
  ])}data: [DONE]\n\n`;
const named = (messages: { type: string }[]) =>
  messages.map((one) => `event: ${one.type}\r\ndata: ${JSON.stringify(one)}\r\n\r\n`).join('');

/** How each protocol says a text in pieces, and the end. */
const PROTOCOLS = [
  {
    name: 'Ollama lines',
    url: 'http://127.0.0.1:11434/api/chat',
    contentType: 'application/x-ndjson',
    say: chat,
  },
  {
    name: 'Ollama lines by another type',
    url: 'http://127.0.0.1:11434/api/chat',
    contentType: 'application/json; charset=utf-8',
    say: chat,
  },
  {
    name: 'chat completions',
    url: 'https://api.openai.com/v1/chat/completions',
    contentType: 'text/event-stream',
    say: completions,
  },
  {
    name: 'chat completions by another type',
    url: 'https://api.openai.com/v1/chat/completions',
    contentType: 'application/json',
    say: completions,
  },
  {
    name: 'messages',
    url: 'https://api.anthropic.com/v1/messages',
    contentType: 'text/event-stream',
    say: (pieces: string[]) =>
      named([
        { type: 'message_start', message: { usage: { input_tokens: 7 } } } as { type: string },
        ...pieces.map((text) => ({
          ...{ type: 'content_block_delta', index: 0 },
          delta: { type: 'text_delta', text },
        })),
        {
          ...{ type: 'message_delta', delta: { stop_reason: 'end_turn' } },
          usage: { output_tokens: 9 },
        } as { type: string },
        { type: 'message_stop' },
      ]),
  },
] as const;

const somePlaces = fc.array(fc.nat(), { maxLength: 40 });

describe.each(PROTOCOLS)('an answer as $name', ({ url, contentType, say }) => {
  test('says the same wherever its bytes are cut', () => {
    const pieces = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(pieces, somePlaces, (given, places) => {
        const bytes = Buffer.from(say(given));
        const told = read(url, contentType, cut(bytes, places));
        expect(told.text).toBe(given.join(''));
        expect(told.end).toMatchObject({ outcome: 'completed', inputTokens: 7, outputTokens: 9 });
      }),
      RUNS,
    );
  });

  test('ends and throws nothing, whatever its bytes are', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string().map((text) => Buffer.from(`data: ${text}\n\n${text}\n`)),
      fc.json({ maxDepth: 5 }).map((json) => Buffer.from(`data: ${json}\n\n${json}\n`)),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 5 }), somePlaces, (parts, places) => {
        const bytes = Buffer.concat(parts);
        const whole = read(url, contentType, [bytes]);
        const inParts = read(url, contentType, cut(bytes, places));
        expect(inParts).toEqual(whole);
        expect(whole.end).toBeDefined();
      }),
      RUNS,
    );
  });

  test('cut off anywhere is an end too, and never more text than came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }), { maxLength: 8 }),
        fc.nat(),
        (given, at) => {
          const bytes = Buffer.from(say(given));
          const told = read(url, contentType, [bytes.subarray(0, at % bytes.length)]);
          expect(given.join('').startsWith(told.text)).toBe(true);
          expect(told.end).toBeDefined();
        },
      ),
      RUNS,
    );
  });
});
