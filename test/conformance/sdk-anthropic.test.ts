import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';

import { useTwinSdk, type Given, type SdkProgram } from '../helpers/twin-sdk.ts';

const { expectSame } = useTwinSdk();

const KEY = 'sk-ant-very-secret-key';
const anthropic = ({ url, own }: Given, options: { maxRetries?: number } = {}) =>
  new Anthropic({ apiKey: KEY, baseURL: url, maxRetries: 0, ...options, ...own });

const request = {
  model: 'claude-haiku-4-5',
  max_tokens: 99,
  messages: [{ role: 'user' as const, content: 'Why is the sky blue?' }],
};
const WORDS = ['Hé', 'llo ', '日本', '語'];
const TOLD = {
  ...{ provider: 'anthropic', model: 'claude-haiku-4-5', operation: 'chat' },
  ...{ promptPreview: 'Why is the sky blue?', parameters: { maxTokens: 99 } },
};

const stream: SdkProgram = async (given) => {
  for await (const event of await anthropic(given).messages.create({ ...request, stream: true })) {
    given.note(event);
  }
};

describe('a program that uses the SDK of Anthropic gets what it gets without the monitor', () => {
  test('from messages, whole and with their response', async () => {
    const { calls } = await expectSame(
      async (given) => {
        const client = anthropic(given);
        given.note(await client.messages.create(request));
        const { data, response } = await client.messages.create(request).withResponse();
        return [data, response.status, [...response.headers]];
      },
      { script: { content: WORDS, thinking: ['Hm'], gzip: true }, calls: 2 },
    );
    for (const { ended, text } of calls) {
      expect(ended).toMatchObject({
        ...{ ...TOLD, stream: false, outcome: 'completed', finishReason: 'end_turn' },
        responsePreview: WORDS.join(''),
        usage: { inputTokens: expect.any(Number), outputTokens: 5, source: 'server' },
      });
      expect(text).not.toContain(KEY);
    }
  });

  test.each([{ bytes: 1 }, { bytes: 61 }, { lines: 3 }])(
    'from a stream in chunks of %j',
    async (chunking) => {
      const { calls } = await expectSame(stream, {
        script: { thinking: ['Hm'], content: WORDS, chunking, firstTokenDelayMs: 20 },
      });
      expect(calls[0]?.ended).toMatchObject({
        ...{ ...TOLD, stream: true, outcome: 'completed', finishReason: 'end_turn', chunks: 5 },
        usage: { inputTokens: expect.any(Number), outputTokens: 5, source: 'server' },
      });
      expect(calls[0]?.ttftMs).toBe(calls[0]?.ended.ttftMs);
      expect(calls[0]?.ttftMs).toBeGreaterThan(0);
    },
  );

  test('from the helper with events, for tools whose names alone are told', async () => {
    const tools = [{ name: 'weather', input_schema: { type: 'object' as const } }];
    const { calls } = await expectSame(
      async (given) => {
        const helper = anthropic(given).messages.stream({ ...request, tools });
        helper.on('text', (delta, snapshot) => given.note([delta, snapshot]));
        helper.on('contentBlock', (block) => given.note(block));
        given.note(await helper.finalText());
        return helper.finalMessage();
      },
      {
        script: {
          content: ['Look'],
          toolCalls: [{ name: 'weather', arguments: { city: 'Roma-secret' } }],
        },
      },
    );
    expect(calls[0]?.ended).toMatchObject({
      ...{ outcome: 'completed', finishReason: 'tool_use', toolNames: ['weather'] },
    });
    expect(calls[0]?.text).not.toContain('Roma-secret');
  });

  test('from a count of tokens, which is no call of a model', async () => {
    const { bare } = await expectSame(
      (given) => {
        const { model, messages } = request;
        return anthropic(given).messages.countTokens({ model, messages });
      },
      { calls: 0 },
    );
    expect(bare.error).toContain('NotFoundError');
  });

  test('images are counted and not told', async () => {
    const data = Buffer.alloc(3000, 'png!').toString('base64');
    const { calls } = await expectSame(
      (given) =>
        anthropic(given).messages.create({
          ...request,
          messages: [
            {
              role: 'user',
              content: [
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
                { type: 'text', text: 'What is this?' },
              ],
            },
          ],
        }),
      { monitor: { capture: 'full' } },
    );
    expect(calls[0]?.started).toMatchObject({
      ...{ imageCount: 1, imageBytes: 3000, prompt: 'What is this?', promptChars: 13 },
    });
    expect(calls[0]?.text).not.toContain(data.slice(0, 40));
  });
});

describe('what goes wrong is the same, and is told', () => {
  test('attempts that the SDK repeats are a call each, under one logical id', async () => {
    const headers = { 'retry-after-ms': '10' };
    const { calls } = await expectSame(
      (given) => anthropic(given, { maxRetries: 1 }).messages.create(request),
      {
        script: [{ fault: { kind: 'http', status: 529, error: 'Overloaded', headers } }, {}],
        calls: 2,
      },
    );
    expect(calls.map(({ ended }) => [ended.outcome, ended.error?.status])).toEqual([
      ['error', 529],
      ['completed', undefined],
    ]);
    expect(new Set(calls.map((call) => call.ended.logicalId)).size).toBe(1);
    expect(calls[0]?.ended.logicalId).toEqual(expect.any(String));
  });

  test('a refusal, an error within a stream, and a stream that breaks off', async () => {
    const { calls } = await expectSame(
      async (given) => {
        for (const program of [stream, stream, stream]) {
          await program(given).catch((error: unknown) => given.note(error));
        }
      },
      {
        script: [
          { fault: { kind: 'http', status: 400, error: 'max_tokens: too large' } },
          { fault: { kind: 'error-line', error: 'Overloaded', afterLines: 2 } },
          { fault: { kind: 'eof', afterLines: 2 } },
        ],
        calls: 3,
      },
    );
    expect(calls.map((call) => call.ended)).toMatchObject([
      {
        outcome: 'error',
        error: { type: 'APIError', message: 'max_tokens: too large', status: 400 },
      },
      { outcome: 'error', error: { type: 'APIError', message: 'Overloaded' } },
      { outcome: 'incomplete', chunks: 2, usage: { outputTokens: 2, source: 'estimate' } },
    ]);
  });

  test('an abort of the helper, and leaving a loop', async () => {
    const { calls } = await expectSame(
      async (given) => {
        const helper = anthropic(given).messages.stream(request);
        helper.on('text', () => helper.abort());
        await helper.finalMessage().catch((error: unknown) => given.note(error));
        for await (const event of await anthropic(given).messages.create({
          ...{ ...request, stream: true },
        })) {
          given.note(event);
          break;
        }
      },
      { script: { fault: { kind: 'hang', afterLines: 1 } }, calls: 2 },
    );
    expect(calls.map((call) => call.ended.outcome)).toEqual(['cancelled', 'cancelled']);
  });
});
