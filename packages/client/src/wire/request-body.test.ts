import { expect, test } from 'vitest';

import { readRequestBody } from './request-body.ts';

const JSON_TEXT = '{"model":"phi3","prompt":"Perché è 日本"}';
const bytes = Buffer.from(JSON_TEXT);
const padded = Buffer.concat([Buffer.from('[['), bytes, Buffer.from(']]')]);

test.each([
  ['a string', JSON_TEXT],
  ['a Buffer', bytes],
  ['a Uint8Array', new Uint8Array(bytes)],
  ['a view into a larger buffer', new DataView(padded.buffer, padded.byteOffset + 2, bytes.length)],
  ['an ArrayBuffer', new Uint8Array(bytes).buffer],
])('%s of JSON is read', (_, body) => {
  expect(readRequestBody(body)).toEqual({
    fields: { model: 'phi3', prompt: 'Perché è 日本' },
    complete: true,
  });
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x0e, 0x71, 0x00])],
  ['a form', new URLSearchParams({ model: 'phi3' })],
  ['a stream', new ReadableStream()],
  ['a Blob', new Blob([JSON_TEXT])],
])('%s has no fields', (_, body) => {
  expect(readRequestBody(body)).toEqual({ fields: {}, complete: false });
});

test('of long bytes, cut inside a character, the edges are read', () => {
  const long = Buffer.from(`{"model":"m","prompt":"a${'日'.repeat(300_000)}","stream":true}`);
  const { fields, complete, length } = readRequestBody(long);
  expect({ model: fields['model'], stream: fields['stream'], complete, length }).toEqual({
    ...{ model: 'm', stream: true, complete: false, length: long.length },
  });
  expect(fields['prompt']).toMatch(/^a日+$/);
});

test('what a proxy kept of a body is read as the edges of it', () => {
  const edges = {
    start:
      '{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:im',
    end: 'AAAA"}},{"type":"text","text":"What is \\"this\\"?"}]}],"stream": false}',
    length: 9_000_000,
  };
  expect(readRequestBody(edges)).toEqual({
    fields: {
      model: 'm',
      stream: false,
      messages: [{ role: 'user', content: 'What is "this"?' }],
    },
    complete: false,
    length: 9_000_000,
  });
});
