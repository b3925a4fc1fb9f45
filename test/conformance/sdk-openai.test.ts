import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';

import { waitFor } from '../helpers/wait-for.ts';
import { useTwinSdk, type Given, type SdkProgram } from '../helpers/twin-sdk.ts';

const { expectSame } = useTwinSdk();

const KEY = 'sk-very-secret-key';
const openai = ({ url, own }: Given, options: { maxRetries?: number } = {}) =>
  new OpenAI({ apiKey: KEY, baseURL: `${url}/v1`, maxRetries: 0, ...options, ...own });

const chat = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user' as const, content: 'Why is the sky blue?' }],
};
const WORDS = ['Hé', 'llo ', '日本', '語 ', '🙂', ' end'];

/** Streams a chat with counts and notes every chunk. */
const stream: SdkProgram = async (given) => {
  const parts = await openai(given).chat.completions.create({
    ...{ ...chat, stream: true, stream_options: { include_usage: true } },
  });
  for await (const part of parts) given.note(part);
};

describe('a program that uses openai gets what it gets without the monitor', () => {
  test('from chat completions, and its call is seen', async () => {
    const { calls } = await expectSame(
      (given) =>
        openai(given).chat.completions.create({
          ...chat,
          temperature: 0.5,
          max_completion_tokens: 64,
        }),
      { script: { content: WORDS, gzip: true } },
    );
    expect(calls[0]?.ended).toMatchObject({
      ...{ provider: 'openai', model: 'gpt-5-mini', operation: 'chat', stream: false },
      ...{ serverAddress: '127.0.0.1', promptPreview: 'Why is the sky blue?', promptChars: 20 },
      parameters: { temperature: 0.5, maxTokens: 64 },
      ...{ outcome: 'completed', finishReason: 'stop', responsePreview: WORDS.join('') },
      usage: { inputTokens: expect.any(Number), outputTokens: 6, source: 'server' },
    });
    expect(calls[0]?.text).not.toContain(KEY);
  });

  test.each([{ bytes: 1 }, { bytes: 97 }, { lines: 4 }])(
    'from a stream in chunks of %j: a usage chunk without choices is counted, and [DONE] is not parsed',
    async (chunking) => {
      const { calls } = await expectSame(stream, {
        script: { thinking: ['Hm'], content: WORDS, chunking, firstTokenDelayMs: 20 },
      });
      const [call] = calls;
      expect(call?.ended).toMatchObject({
        ...{ stream: true, outcome: 'completed', finishReason: 'stop', chunks: 7 },
        ...{ outputChars: WORDS.join('').length + 2, responsePreview: WORDS.join('') },
        usage: { inputTokens: expect.any(Number), outputTokens: 7, source: 'server' },
      });
      expect(call?.ttftMs).toBe(call?.ended.ttftMs);
      expect(call?.ttftMs).toBeLessThanOrEqual(call?.ended.durationMs ?? 0);
    },
  );

  test('from a compressed stream, whose counts nobody asked for and so are estimated', async () => {
    const { calls } = await expectSame(
      async (given) => {
        const parts = await openai(given).chat.completions.create({ ...chat, stream: true });
        for await (const part of parts) given.note(part.choices[0]?.delta);
      },
      { script: { content: WORDS, gzip: true } },
    );
    expect(calls[0]?.ended.usage).toEqual({ outputTokens: 6, source: 'estimate' });
  });

  test('from the helper with events, for tools whose names alone are told', async () => {
    const tools: OpenAI.ChatCompletionFunctionTool[] = [
      { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } },
    ];
    const { calls } = await expectSame(
      async (given) => {
        const runner = openai(given).chat.completions.stream({
          ...{ ...chat, tools, stream_options: { include_usage: true } },
        });
        runner.on('content', (delta, snapshot) => given.note(['content', delta, snapshot]));
        runner.on('tool_calls.function.arguments.done', (call) => given.note(call));
        runner.on('end', () => given.note('end'));
        given.note(await runner.finalMessage());
        given.note(await runner.totalUsage());
        return runner.finalChatCompletion();
      },
      {
        script: {
          content: ['Look'],
          toolCalls: [{ name: 'weather', arguments: { city: 'Roma-secret' } }],
        },
      },
    );
    expect(calls[0]?.ended).toMatchObject({
      ...{ outcome: 'completed', finishReason: 'tool_calls', toolNames: ['weather'], chunks: 3 },
      usage: { source: 'server' },
    });
    expect(calls[0]?.text).not.toContain('Roma-secret');
  });

  test('from responses, whole', async () => {
    const { calls } = await expectSame(
      async (given) => {
        const response = await openai(given).responses.create({
          ...{ model: 'gpt-5', instructions: 'Be brief.', input: 'Why?', max_output_tokens: 99 },
        });
        return { response, text: response.output_text };
      },
      { script: { thinking: ['Hm'], content: WORDS } },
    );
    expect(calls[0]?.ended).toMatchObject({
      ...{ provider: 'openai', operation: 'chat', promptPreview: 'Why?', promptChars: 13 },
      ...{ outcome: 'completed', responsePreview: WORDS.join(''), parameters: { maxTokens: 99 } },
      usage: { outputTokens: 7, source: 'server' },
    });
  });

  test('from responses, streamed and by their helper', async () => {
    const request = { model: 'gpt-5', input: 'Why?' };
    const { calls } = await expectSame(
      async (given) => {
        const client = openai(given);
        for await (const event of await client.responses.create({ ...request, stream: true })) {
          given.note(event);
        }
        const helper = client.responses.stream(request);
        helper.on('response.output_text.delta', (event) => given.note(event));
        return helper.finalResponse();
      },
      {
        script: {
          thinking: ['Hm'],
          content: WORDS,
          toolCalls: [{ name: 'weather', arguments: {} }],
        },
        calls: 2,
      },
    );
    for (const { ended, ttftMs } of calls) {
      expect(ended).toMatchObject({
        ...{ outcome: 'completed', finishReason: 'completed', responsePreview: WORDS.join('') },
        usage: { outputTokens: 7, source: 'server' },
      });
      expect(ttftMs).toBeGreaterThan(0);
    }
  });

  test('from embeddings and from completions', async () => {
    const { calls } = await expectSame(
      async (given) => {
        const client = openai(given);
        given.note(await client.embeddings.create({ model: 'embed', input: ['one', 'two'] }));
        const parts = await client.completions.create({ model: 'm', prompt: 'Once', stream: true });
        for await (const part of parts) given.note(part);
      },
      { calls: 2 },
    );
    expect(calls.map((call) => [call.ended.operation, call.ended.outcome])).toEqual([
      ['embed', 'completed'],
      ['generate', 'completed'],
    ]);
    expect(calls[0]?.ended.usage).toEqual({ inputTokens: 16, source: 'server' });
    expect(calls[1]?.ended).toMatchObject({ promptPreview: 'Once', finishReason: 'stop' });
  });

  test('with its response, and as a response', async () => {
    await expectSame(
      async (given) => {
        const client = openai(given);
        const { data, response } = await client.chat.completions.create(chat).withResponse();
        given.note([data, response.status, response.url, [...response.headers]]);
        const raw = await client.chat.completions.create({ ...chat, stream: true }).asResponse();
        given.note([raw.constructor.name, raw.ok, raw.bodyUsed, await raw.text(), raw.bodyUsed]);
      },
      { calls: 2 },
    );
  });

  test('from its list of models, which is no call of one', async () => {
    await expectSame(async (given) => (await openai(given).models.list()).data, { calls: 0 });
  });
});

describe('what goes wrong is the same, and is told', () => {
  test('case 46: attempts that the SDK repeats are a call each, under one logical id', async () => {
    const headers = { 'retry-after-ms': '10' };
    const { calls } = await expectSame(
      (given) => openai(given, { maxRetries: 2 }).chat.completions.create(chat),
      {
        script: [
          { fault: { kind: 'http', status: 500, error: 'crashed', headers } },
          { fault: { kind: 'http', status: 429, error: 'slow down', headers } },
          {},
        ],
        calls: 3,
      },
    );
    expect(calls.map(({ ended }) => [ended.outcome, ended.error?.status])).toEqual([
      ['error', 500],
      ['error', 429],
      ['completed', undefined],
    ]);
    const logicalIds = new Set(calls.map((call) => call.ended.logicalId));
    expect([...logicalIds]).toEqual([expect.any(String)]);
    expect(new Set(calls.map((call) => call.ended.requestId)).size).toBe(3);
  });

  test('a refusal', async () => {
    const { bare, calls } = await expectSame(
      (given) => openai(given).chat.completions.create(chat),
      { script: { fault: { kind: 'http', status: 404, error: 'no such model' } } },
    );
    expect(bare.error).toContain('NotFoundError');
    expect(calls[0]?.ended).toMatchObject({
      outcome: 'error',
      error: { type: 'APIError', message: 'no such model', status: 404 },
    });
  });

  test('case 15: an error within a stream', async () => {
    const { bare, calls } = await expectSame(stream, {
      script: { fault: { kind: 'error-line', error: 'out of memory', afterLines: 2 } },
    });
    expect(bare.error).toContain('out of memory');
    expect(calls[0]?.ended).toMatchObject({
      ...{ outcome: 'error', chunks: 2, error: { type: 'APIError', message: 'out of memory' } },
    });
  });

  test('case 17: a stream that ends without a finish reason and without [DONE] is incomplete', async () => {
    const { bare, calls } = await expectSame(stream, {
      script: { fault: { kind: 'eof', afterLines: 2 } },
    });
    expect(bare.error).toBeUndefined();
    expect(calls[0]?.ended).toMatchObject({ outcome: 'incomplete', chunks: 2 });
  });

  test('a connection that is reset, before the headers and within a stream', async () => {
    const { calls } = await expectSame(stream, {
      script: { fault: { kind: 'reset', afterLines: 2 } },
    });
    expect(calls[0]?.ended).toMatchObject({ outcome: 'error', error: { type: 'TypeError' } });
    const early = await expectSame(stream, { script: { fault: { kind: 'reset' } } });
    expect(early.calls[0]?.ended).toMatchObject({ outcome: 'error', error: { type: 'TypeError' } });
  });

  test('an abort by a signal, by the stream, and by leaving the loop', async () => {
    const { calls } = await expectSame(
      async (given) => {
        const client = openai(given);
        const request = { ...chat, stream: true } as const;
        const controller = new AbortController();
        const options = { signal: controller.signal };
        for await (const part of await client.chat.completions.create(request, options)) {
          given.note(part);
          controller.abort();
        }
        const parts = await client.chat.completions.create(request);
        for await (const part of parts) {
          given.note(part);
          parts.controller.abort();
        }
        for await (const part of await client.chat.completions.create(request)) {
          given.note(part);
          break;
        }
        const left = () => given.server.requests.filter((one) => one.disconnected).length === 3;
        await waitFor('the server to be left three times', left);
      },
      { script: { fault: { kind: 'hang', afterLines: 1 } }, calls: 3 },
    );
    expect(calls.map(({ ended }) => [ended.outcome, ended.cancelledBy])).toEqual(
      Array.from({ length: 3 }, () => ['cancelled', 'app']),
    );
  });

  test('an abort before the headers', async () => {
    const { bare, calls } = await expectSame(
      async (given) => {
        const controller = new AbortController();
        const { signal } = controller;
        const asked = openai(given).chat.completions.create(chat, { signal });
        asked.catch(() => undefined);
        await waitFor('the request', () => given.server.requests.length > 0);
        controller.abort();
        return asked;
      },
      { script: { fault: { kind: 'hang' } } },
    );
    expect(bare.error).toContain('APIUserAbortError');
    expect(calls[0]?.ended).toMatchObject({ outcome: 'cancelled', cancelledBy: 'app' });
  });

  test('who leaves after the finish reason has cancelled nothing', async () => {
    const { calls } = await expectSame(
      async (given) => {
        for await (const part of await openai(given).chat.completions.create({
          ...{ ...chat, stream: true },
        })) {
          given.note(part);
          if (part.choices[0]?.finish_reason) break;
        }
      },
      { script: { chunking: { lines: 1 } } },
    );
    expect(calls[0]?.ended).toMatchObject({ outcome: 'completed', finishReason: 'stop' });
  });

  test('a time-out that the SDK was given for the call is a time-out', async () => {
    const { bare, calls } = await expectSame(
      (given) => openai(given).chat.completions.create(chat, { timeout: 1000 }),
      { script: { fault: { kind: 'hang' } } },
    );
    expect(bare.error).toContain('APIConnectionTimeoutError');
    expect(calls[0]?.ended).toMatchObject({
      ...{ outcome: 'timeout', timeoutMs: 1000, error: { type: 'TimeoutError' } },
    });
  });

  test('one of less than a second is a time-out too, and its attempts are one call', async () => {
    const { bare, calls } = await expectSame(
      (given) => openai(given, { maxRetries: 1 }).chat.completions.create(chat, { timeout: 200 }),
      { script: { fault: { kind: 'hang' } }, calls: 2 },
    );
    expect(bare.error).toContain('APIConnectionTimeoutError');
    expect(calls.map(({ ended }) => ended?.outcome)).toEqual(['timeout', 'timeout']);
    // The SDK tells its whole seconds: 0 of them.
    expect(calls[0]?.ended).not.toHaveProperty('timeoutMs');
    expect(new Set(calls.map(({ ended }) => ended?.logicalId)).size).toBe(1);
  });
});

test('case 23: images are counted, and neither they nor where they are is told', async () => {
  const png = Buffer.alloc(3000, 'png!').toString('base64');
  const signed = 'https://bucket.example/cat.png?X-Amz-Signature=deadbeef';
  const { calls } = await expectSame(
    async (given) => {
      const client = openai(given);
      const images = [`data:image/png;base64,${png}`, signed];
      await client.chat.completions.create({
        ...chat,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              ...images.map((url) => ({ type: 'image_url' as const, image_url: { url } })),
            ],
          },
        ],
      });
      const parts = images.map((url) => ({
        ...{ type: 'input_image' as const, detail: 'auto' as const, image_url: url },
      }));
      await client.responses.create({
        model: 'm',
        input: [
          { role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, ...parts] },
        ],
      });
    },
    { calls: 2, monitor: { capture: 'full' } },
  );
  for (const { started, text } of calls) {
    expect(started).toMatchObject({
      ...{ imageCount: 2, imageBytes: 3000, promptPreview: 'What is this?', promptChars: 13 },
    });
    expect(text).not.toMatch(/deadbeef|base64/);
    expect(text).not.toContain(png.slice(0, 40));
  }
});
