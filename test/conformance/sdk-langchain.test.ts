import { ChatOllama } from '@langchain/ollama';
import { ChatOpenAI } from '@langchain/openai';
import { describe, expect, test } from 'vitest';

import { useTwinSdk, type Given } from '../helpers/twin-sdk.ts';

const { expectSame } = useTwinSdk();

const PROMPT = 'Why is the sky blue?';
const WORDS = ['Hé', 'llo ', '日本', '語'];
const FINAL = { total_duration: 5, load_duration: 1, prompt_eval_duration: 2, eval_duration: 3 };

const MODELS = [
  [
    'openai',
    ({ url, own }: Given) =>
      new ChatOpenAI({
        ...{ model: 'phi3', apiKey: 'sk-secret', maxRetries: 0 },
        configuration: { baseURL: `${url}/v1`, ...own },
      }),
  ],
  [
    'ollama',
    ({ url, own }: Given) => new ChatOllama({ model: 'phi3', baseUrl: url, maxRetries: 0, ...own }),
  ],
] as const;

describe.each(MODELS)('a program that uses LangChain with %s', (provider, model) => {
  test('is answered the same, and its call is seen', async () => {
    const { bare, calls } = await expectSame(
      async (given) => {
        const { content, usage_metadata } = await model(given).invoke(PROMPT);
        return { content, usage_metadata };
      },
      { script: { content: WORDS, final: FINAL } },
    );
    expect(bare.value).toContain(WORDS.join(''));
    expect(calls[0]?.ended).toMatchObject({
      ...{ provider, model: 'phi3', operation: 'chat', outcome: 'completed' },
      ...{ promptPreview: PROMPT, responsePreview: WORDS.join('') },
      usage: { inputTokens: expect.any(Number), outputTokens: 4, source: 'server' },
    });
  });

  test('streams the same pieces', async () => {
    const { bare, calls } = await expectSame(
      async (given) => {
        for await (const part of await model(given).stream(PROMPT)) {
          given.note([part.content, part.usage_metadata]);
        }
      },
      { script: { content: WORDS, final: FINAL, chunking: { bytes: 50 }, firstTokenDelayMs: 20 } },
    );
    expect(bare.notes.join('')).toContain('日本');
    expect(calls[0]?.ended).toMatchObject({
      ...{ stream: true, outcome: 'completed', chunks: 4, responsePreview: WORDS.join('') },
      usage: { outputTokens: 4, source: 'server' },
    });
    expect(calls[0]?.ttftMs).toBeGreaterThan(0);
  });

  test('gets the same error', async () => {
    const { bare, calls } = await expectSame((given) => model(given).invoke(PROMPT), {
      script: { fault: { kind: 'http', status: 400, error: 'too long' } },
    });
    expect(bare.error).toContain('too long');
    expect(calls[0]?.ended).toMatchObject({
      ...{ outcome: 'error', error: { message: 'too long', status: 400 } },
    });
  });
});
