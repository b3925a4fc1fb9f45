import { expect, onTestFinished, test } from 'vitest';

import { createFakeOllama } from './create-fake-ollama.ts';
import type { Script } from './script.ts';

async function setUp(script: Script = {}, models?: string[]) {
  const fake = createFakeOllama({ respond: () => script, ...(models ? { models } : {}) });
  const url = await fake.listen();
  onTestFinished(() => fake.close());
  return (path: string, body: unknown) =>
    fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
}

const CONTENT: Script = { thinking: ['hm'], content: ['a', 'b'] };
const TOOLS: Script = {
  content: [],
  toolCalls: [{ name: 'weather', arguments: { city: 'Roma' } }],
};

/** The events of a stream: their names, or their data where they have none. */
async function eventsOf(response: Response): Promise<string[]> {
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const blocks = (await response.text()).split('\n\n').slice(0, -1);
  return blocks.map((block) => block.replace(/^event: (.*)\n.*$/s, '$1'));
}

test('chat completions stream deltas, a finish reason, the counts that were asked for and [DONE]', async () => {
  const post = await setUp(CONTENT);
  const asked = { model: 'm', messages: [], stream: true, stream_options: { include_usage: true } };
  const events = await eventsOf(await post('/v1/chat/completions', asked));
  expect(events.at(-1)).toBe('data: [DONE]');
  const chunks = events.slice(0, -1).map(
    (event) =>
      JSON.parse(event.slice('data: '.length)) as {
        choices: { delta: Record<string, unknown>; finish_reason: string | null }[];
        usage?: Record<string, number>;
      },
  );
  const deltas = chunks.map((chunk) => chunk.choices[0]?.delta);
  expect(deltas.map((delta) => delta?.['reasoning'] ?? delta?.['content'])).toEqual([
    ...['hm', 'a', 'b', '', undefined],
  ]);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 3 } });
});

test('responses and messages stream the events of their protocols', async () => {
  const post = await setUp(TOOLS);
  const responses = await post('/v1/responses', { model: 'm', input: 'x', stream: true });
  expect(await eventsOf(responses)).toEqual([
    'response.created',
    'response.output_item.added',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'response.output_item.done',
    'response.completed',
  ]);
  const messages = await post('/v1/messages', { model: 'm', messages: [], stream: true });
  expect(await eventsOf(messages)).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
});

test.each([
  ['/v1/chat/completions', { choices: [{ message: { content: 'ab', reasoning: 'hm' } }] }],
  ['/v1/completions', { choices: [{ text: 'ab', finish_reason: 'stop' }] }],
  ['/v1/responses', { output: [{ type: 'reasoning' }, { content: [{ text: 'ab' }] }] }],
  ['/v1/messages', { content: [{ thinking: 'hm' }, { text: 'ab' }], stop_reason: 'end_turn' }],
  ['/v1/embeddings', { data: [{ embedding: [0.25, -0.5, 0.75, 0.125] }] }],
])('%s answers without streaming, compressed where that is asked', async (path, answer) => {
  const post = await setUp({ ...CONTENT, gzip: path !== '/v1/embeddings' });
  const response = await post(path, { model: 'm' });
  if (path !== '/v1/embeddings') expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.json()).toMatchObject(answer);
});

test('each protocol refuses in its own words, and lists its models', async () => {
  const post = await setUp({}, ['phi3']);
  const refused = async (path: string) => (await post(path, { model: 'none' })).json();
  const message = "model 'none' not found";
  expect(await refused('/v1/chat/completions')).toMatchObject({
    error: { message, type: 'not_found_error' },
  });
  expect(await refused('/v1/messages')).toEqual({
    type: 'error',
    error: { message, type: 'not_found_error' },
  });
});

test('an error comes within a stream, and a refusal may say when to come back', async () => {
  const broken = await setUp({ fault: { kind: 'error-line', error: 'crashed', afterLines: 1 } });
  const events = await eventsOf(await broken('/v1/messages', { model: 'm', stream: true }));
  expect(events.at(-1)).toBe('error');
  const headers = { 'retry-after': '1' };
  const busy = await setUp({ fault: { kind: 'http', status: 429, headers } });
  const response = await busy('/v1/responses', { model: 'm' });
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
  expect(await response.json()).toMatchObject({ error: { type: 'rate_limit_error' } });
});
