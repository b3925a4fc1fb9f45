import { createOpenAI } from '@ai-sdk/openai';
import { embed, generateText, streamText, type LanguageModel } from 'ai';
import { describe, expect, test } from 'vitest';

import { useTwinSdk, type Given } from '../helpers/twin-sdk.ts';

const { expectSame } = useTwinSdk();

const provider = ({ url, own }: Given) =>
  createOpenAI({ apiKey: 'sk-secret', baseURL: `${url}/v1`, ...own });

/** Both protocols that the provider speaks. */
const MODELS: [string, (given: Given) => LanguageModel][] = [
  ['chat completions', (given) => provider(given).chat('gpt-5-mini')],
  ['responses', (given) => provider(given).responses('gpt-5-mini')],
];
const PROMPT = { prompt: 'Why is the sky blue?', maxRetries: 0 };
const WORDS = ['Hé', 'llo ', '日本', '語'];

describe.each(MODELS)('a program that uses the AI SDK by %s', (_, model) => {
  test('generates the same text, and its call is seen', async () => {
    const { bare, calls } = await expectSame(
      async (given) => {
        const { text, usage, finishReason } = await generateText({
          ...{ ...PROMPT, model: model(given), maxOutputTokens: 64 },
        });
        return { text, usage, finishReason };
      },
      { script: { content: WORDS } },
    );
    expect(bare.value).toContain(WORDS.join(''));
    expect(calls[0]?.ended).toMatchObject({
      ...{ provider: 'openai', model: 'gpt-5-mini', stream: false, outcome: 'completed' },
      ...{ promptPreview: PROMPT.prompt, responsePreview: WORDS.join('') },
      ...{ parameters: { maxTokens: 64 }, usage: { outputTokens: 4, source: 'server' } },
    });
  });

  test('streams the same parts', async () => {
    const { bare, calls } = await expectSame(
      async (given) => {
        const result = streamText({ ...PROMPT, model: model(given) });
        for await (const part of result.textStream) given.note(part);
        return { usage: await result.usage, finishReason: await result.finishReason };
      },
      { script: { content: WORDS, chunking: { bytes: 50 }, firstTokenDelayMs: 20 } },
    );
    expect(bare.notes).toHaveLength(4);
    expect(calls[0]?.ended).toMatchObject({
      ...{ stream: true, outcome: 'completed', chunks: 4, responsePreview: WORDS.join('') },
      usage: { outputTokens: 4, source: 'server' },
    });
    expect(calls[0]?.ttftMs).toBeGreaterThan(0);
  });

  test('aborts a stream the same way', async () => {
    const { calls } = await expectSame(
      async (given) => {
        const controller = new AbortController();
        const { fullStream } = streamText({
          ...{ ...PROMPT, model: model(given), abortSignal: controller.signal },
          onError: ({ error }) => given.note(error),
          onAbort: ({ steps }) => given.note(['aborted', steps.length]),
        });
        for await (const part of fullStream) {
          given.note(part.type);
          if (part.type === 'text-delta') controller.abort();
        }
      },
      { script: { fault: { kind: 'hang', afterLines: 2 } } },
    );
    expect(calls[0]?.ended).toMatchObject({ outcome: 'cancelled', cancelledBy: 'app' });
  });

  test('gets the same error, and repeats the same attempts', async () => {
    const { calls } = await expectSame(
      (given) => generateText({ ...PROMPT, model: model(given), maxRetries: 1 }),
      {
        script: {
          fault: {
            ...{ kind: 'http', status: 503, error: 'busy', headers: { 'retry-after-ms': '10' } },
          },
        },
        calls: 2,
      },
    );
    expect(calls.map((call) => call.ended)).toMatchObject([
      { outcome: 'error', error: { type: 'APIError', message: 'busy', status: 503 } },
      { outcome: 'error', error: { type: 'APIError', message: 'busy', status: 503 } },
    ]);
    expect(new Set(calls.map((call) => call.ended.logicalId)).size).toBe(1);
  });
});

test('an embedding by the AI SDK is the same, and seen', async () => {
  const { calls } = await expectSame(async (given) => {
    const model = provider(given).embedding('embed-small');
    const { embedding, usage } = await embed({ model, value: 'one' });
    return { embedding, usage };
  });
  expect(calls[0]?.ended).toMatchObject({
    ...{ operation: 'embed', outcome: 'completed', promptPreview: 'one' },
    usage: { inputTokens: 8, source: 'server' },
  });
});
