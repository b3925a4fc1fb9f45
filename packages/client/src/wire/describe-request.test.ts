import { describe, expect, test } from 'vitest';

import { findWireFormat } from './find-wire-format.ts';

const read = (url: string, request: object | string) => {
  const isBody = typeof request === 'string' || Buffer.isBuffer(request);
  return findWireFormat(url)?.describe(url, isBody ? request : JSON.stringify(request));
};

const PNG = 'iVBORw0KGgoAAAANSUhEUgAA';

describe('a path', () => {
  test.each([
    ['http://h/v1/chat/completions', 'chat'],
    ['https://me.openai.azure.com/openai/deployments/x/chat/completions?api-version=1', 'chat'],
    ['http://h/v1/completions/', 'generate'],
    // LM Studio's own.
    ['http://h/api/v0/completions', 'generate'],
    ['http://h/v1/responses', 'chat'],
    ['http://h/v1/embeddings', 'embed'],
    ['https://openrouter.ai/api/v1/embeddings', 'embed'],
    ['http://h/v1/messages?beta=true', 'chat'],
    ['http://h/api/embeddings', 'embed'],
  ])('%s may be a call of a model', (url, operation) => {
    expect(read(url, { model: 'm', prompt: 'x' })).toMatchObject({ model: 'm', operation });
  });

  test.each([
    'http://h/v1/messages/count_tokens',
    'http://h/v1/messages/batches',
    'http://h/v1/responses/r_1/cancel',
    'http://h/v1/models',
    'http://h/completions',
    'http://h/chat?path=/v1/chat/completions',
  ])('%s is none', (url) => {
    expect(findWireFormat(url)).toBeUndefined();
  });

  test('whose request names no model is none either', () => {
    expect(read('http://h/v1/chat/completions', { messages: [] })).toBeUndefined();
    expect(read('http://h/responses', { model: { name: 'mine' } })).toBeUndefined();
    expect(read('http://h/embeddings', '[]')).toBeUndefined();
    expect(read('http://h/embeddings', { input: 'x' })).toBeUndefined();
    expect(read('http://h/v1/messages', { messages: [{ role: 'user' }] })).toBeUndefined();
    expect(read('http://h/v1/responses', { input: 'x' })).toBeUndefined();
    expect(read('http://h/v1/messages', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))).toMatchObject({
      ...{ provider: 'anthropic', model: 'unknown', operation: 'chat' },
    });
  });

  test.each([
    ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Why?' }] }, 'chat', 'Why?'],
    ['/v1/completions', { prompt: 'Why?' }, 'generate', 'Why?'],
    ['/v1/embeddings?x=1', { input: ['Why?'] }, 'embed', 'Why?'],
  ])('%s %j asks the model that llama.cpp has', (path, body, operation, promptText) => {
    expect(read(`http://h:8080${path}`, body)).toMatchObject({
      ...{ provider: 'openai', model: 'unknown', operation, promptText, promptChars: 4 },
    });
  });

  test('leads to a provider, which is Ollama at the ports of Ollama and of the proxy before it', () => {
    const body = { model: 'm', messages: [] };
    const provider = (url: string) => read(url, body)?.provider;
    expect(provider('https://api.openai.com/v1/chat/completions')).toBe('openai');
    expect(provider('https://api.anthropic.com/v1/messages')).toBe('anthropic');
    expect(provider('http://gpu:11434/v1/chat/completions')).toBe('ollama');
    expect(provider('http://127.0.0.1:11435/v1/messages')).toBe('ollama');
  });
});

describe('a request', () => {
  test('to OpenAI tells its parameters, its tools by name, and counts its images', () => {
    const described = read('https://user:secret@api.openai.com/v1/chat/completions', {
      model: 'gpt-5',
      stream: true,
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
            { type: 'image_url', image_url: { url: 'https://b.s3.example/x?X-Signature=top' } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [] },
      ],
      ...{ temperature: 0, top_p: 0.5, max_completion_tokens: 64, seed: 7 },
      tools: [{ type: 'function', function: { name: 'weather', parameters: { secret: 1 } } }],
    });
    expect(described).toEqual({
      ...{ provider: 'openai', model: 'gpt-5', operation: 'chat', stream: true },
      ...{ serverAddress: 'api.openai.com', serverPort: 443 },
      ...{ promptText: 'What is this?', promptChars: 22, imageCount: 2, imageBytes: 18 },
      parameters: { temperature: 0, topP: 0.5, maxTokens: 64, seed: 7 },
      toolNames: ['weather'],
    });
  });

  test('to the responses API has its prompt in a text or in items', () => {
    const url = 'https://api.openai.com/v1/responses';
    expect(read(url, { model: 'm', instructions: 'Be brief.', input: 'Why?' })).toMatchObject({
      ...{ promptText: 'Why?', promptChars: 13, stream: false },
    });
    const content = [
      { type: 'input_text', text: 'What is it?' },
      { type: 'input_image', image_url: `data:image/png;base64,${PNG}` },
    ];
    const items = [
      { role: 'user', content },
      { type: 'function_call_output', output: 'x' },
    ];
    const tools = [{ type: 'function', name: 'weather' }, { type: 'web_search' }];
    expect(read(url, { model: 'm', input: items, tools, max_output_tokens: 9 })).toMatchObject({
      ...{ promptText: 'What is it?', imageCount: 1, imageBytes: 18 },
      ...{ toolNames: ['weather', 'web_search'], parameters: { maxTokens: 9 } },
    });
  });

  test('to Anthropic has its images in sources, also in what a tool gave back', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'x', data: PNG } };
    const described = read('https://api.anthropic.com/v1/messages', {
      ...{ model: 'claude', max_tokens: 5, top_k: 3, system: [{ type: 'text', text: 'Brief.' }] },
      tools: [{ name: 'weather', input_schema: {} }],
      messages: [
        { role: 'user', content: [image, { type: 'text', text: 'Why?' }] },
        { role: 'assistant', content: [{ type: 'tool_use', name: 'weather', input: {} }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', content: [image, { type: 'image', source: {} }] }],
        },
      ],
    });
    expect(described).toMatchObject({
      ...{ promptText: 'Why?', promptChars: 10, imageCount: 3, imageBytes: 36 },
      ...{ parameters: { maxTokens: 5, topK: 3 }, toolNames: ['weather'] },
    });
  });

  test('for embeddings or a completion may have several texts, or tokens', () => {
    const embed = (input: unknown) => read('http://h/v1/embeddings', { model: 'm', input });
    expect(embed(['one', 'two'])).toMatchObject({ promptText: 'one', promptChars: 6 });
    expect(embed([[1, 2]])?.promptChars).toBeUndefined();
    expect(read('http://h/v1/completions', { model: 'm', prompt: 'Once' })?.promptText).toBe(
      'Once',
    );
  });

  test('of any length tells its model and what was said last, and no image', () => {
    const image = {
      type: 'image_url',
      image_url: { url: `data:image/png;base64,${'A'.repeat(2e6)}` },
    };
    const described = read('http://h/v1/chat/completions', {
      model: 'm',
      messages: [{ role: 'user', content: [image, { type: 'text', text: 'What is this?' }] }],
      stream: true,
    });
    expect(described).toMatchObject({ model: 'm', stream: true, promptText: 'What is this?' });
    expect(JSON.stringify(described)).not.toContain('AAA');
  });
});
