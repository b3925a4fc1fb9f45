import { expect, test } from 'vitest';

import { describeOllamaRequest } from './ollama/ollama-request.ts';
import { findWireFormat } from './find-wire-format.ts';

const V1 = 'http://127.0.0.1:11434/v1';

test.each([1, 2, 3, 70, 1000])('an image of %i bytes is said to have so many', (bytes) => {
  const image = Buffer.alloc(bytes, 'x').toString('base64');
  const text = { role: 'user', content: 'What is it?' };
  const ollama = { model: 'm', messages: [{ ...text, images: [image, image] }] };
  const { imageBytes } = describeOllamaRequest('http://a/api/chat', JSON.stringify(ollama)) ?? {};
  expect(imageBytes).toBe(2 * bytes);

  const url = { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } };
  const source = {
    type: 'image',
    source: { type: 'base64', media_type: 'image/png', data: image },
  };
  for (const [path, part] of [
    ['chat/completions', url],
    ['messages', source],
  ] as const) {
    const body = { model: 'm', messages: [{ role: 'user', content: [part] }] };
    const described = findWireFormat(`${V1}/${path}`)?.describe(
      `${V1}/${path}`,
      JSON.stringify(body),
    );
    expect(described?.imageBytes, path).toBe(bytes);
  }
});
