import { describe, expect, test } from 'vitest';

import { describeOllamaRequest } from './ollama-request.ts';

const read = (endpoint: string, body: unknown) =>
  describeOllamaRequest(
    `http://joe:secret@gpu.local:11434/api/${endpoint}?x=1`,
    typeof body === 'object' ? JSON.stringify(body) : body,
  );

describe('a request to Ollama', () => {
  test('names its model, server and parameters, and not the credentials', () => {
    const described = read('generate', {
      model: 'phi3',
      prompt: 'Hi',
      stream: false,
      options: { temperature: 0, num_ctx: 4096, seed: 7, top_p: 'wrong' },
    });
    expect(described).toEqual({
      provider: 'ollama',
      model: 'phi3',
      operation: 'generate',
      stream: false,
      serverAddress: 'gpu.local',
      serverPort: 11434,
      promptText: 'Hi',
      promptChars: 2,
      parameters: { temperature: 0, numCtx: 4096, seed: 7 },
    });
  });

  test('streams unless it says otherwise, as the server sees it; an embedding never does', () => {
    expect(read('chat', { model: 'm', messages: [{ content: 'x' }] })?.stream).toBe(true);
    expect(read('embed', { model: 'm', input: ['x'] })?.stream).toBe(false);
  });

  test.each([
    ['generate', { model: 'm', prompt: '' }, 'load'],
    ['generate', { model: 'm', keep_alive: '0s' }, 'unload'],
    ['chat', { model: 'm', messages: [], keep_alive: 0 }, 'unload'],
    ['chat', { model: 'm', messages: [{ role: 'user', content: '' }], keep_alive: 0 }, 'chat'],
    ['generate', { model: 'm', prompt: '', images: ['aGk='] }, 'generate'],
    ['embeddings', { model: 'm', prompt: 'x' }, 'embed'],
    ['pull', { name: 'm' }, 'pull'],
  ])('%s %j is %s', (endpoint, body, operation) => {
    expect(read(endpoint, body)).toMatchObject({ model: 'm', operation });
  });

  test.each([undefined, 'not json', '{"model":"cu'])('may be unreadable: %s', (body) => {
    const unknown = { provider: 'ollama', model: 'unknown' };
    expect(read('chat', body)).toMatchObject({ ...unknown, operation: 'chat' });
    expect(read('generate', body)).toMatchObject({ ...unknown, operation: 'generate' });
    expect(read('embeddings', body)).toMatchObject({ ...unknown, operation: 'embed' });
  });

  test.each(['[1]', 'null', '{}', '{"model":5,"messages":{"a":1},"options":[]}'])(
    'that can be read and names no model is none: %s',
    (body) => {
      expect(read('chat', body)).toBeUndefined();
    },
  );

  test('of any length tells its model, the beginning of its prompt and that it streams', () => {
    const filler = 'x"\\é\n'.repeat(300_000);
    const generate = read('generate', { model: 'm', prompt: `Read: ${filler}`, stream: false });
    expect(generate).toMatchObject({ model: 'm', operation: 'generate', stream: false });
    expect(generate?.promptText).toMatch(/^Read: x"\\é\nx/);
    const messages = [
      { role: 'system', content: filler },
      { role: 'user', content: 'And what now?' },
    ];
    expect(read('chat', { model: 'm', messages, stream: true })).toMatchObject({
      operation: 'chat',
      promptText: 'And what now?',
      promptChars: JSON.stringify({ model: 'm', messages, stream: true }).length,
    });
  });

  test('with a photo does not count its bytes as characters', () => {
    const images = ['/9j/4AAQ'.repeat(100_000)];
    const said = { role: 'user', content: 'What is this?' };
    for (const one of [
      { ...said, images },
      { images, ...said },
    ]) {
      const described = read('chat', { model: 'm', messages: [one] });
      expect(described).toMatchObject({ operation: 'chat', promptText: 'What is this?' });
      expect(described).not.toHaveProperty('promptChars');
    }
    const generate = read('generate', { prompt: 'What is this?', images, model: 'm' });
    expect(generate).toMatchObject({ model: 'm', operation: 'generate' });
    expect(generate).not.toHaveProperty('promptChars');
  });
});
