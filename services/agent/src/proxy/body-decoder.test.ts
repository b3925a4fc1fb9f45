import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { createBodyDecoder } from './body-decoder.ts';

const TEXT = 'The sky is blue. '.repeat(50);

function decode(encoding: string | undefined, bytes: Buffer, size = 7): Promise<string> {
  return new Promise((resolve) => {
    const parts: Uint8Array[] = [];
    const decoder = createBodyDecoder(encoding, (part) => parts.push(part));
    for (let at = 0; at < bytes.length; at += size) decoder.chunk(bytes.subarray(at, at + size));
    decoder.end(() => resolve(Buffer.concat(parts).toString()));
  });
}

test.each([
  ['gzip', gzipSync(TEXT)],
  ['x-gzip', gzipSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['Deflate', deflateRawSync(TEXT)],
  ['identity', Buffer.from(TEXT)],
  [undefined, Buffer.from(TEXT)],
])('%s is decoded, whatever pieces it comes in', async (encoding, bytes) => {
  expect(await decode(encoding, bytes)).toBe(TEXT);
});

test('of an encoding that is not known it knows that it sees nothing; of what is broken it does not', () => {
  const blindAfter = (encoding: string, bytes: Buffer) => {
    const decoder = createBodyDecoder(encoding, () => undefined);
    decoder.chunk(bytes);
    const isBlind = decoder.isBlind();
    decoder.destroy();
    return isBlind;
  };
  expect(blindAfter('zstd', Buffer.from('anything'))).toBe(true);
  expect(blindAfter('gzip', Buffer.from('no gzip at all'))).toBe(false);
  expect(blindAfter('', Buffer.from(TEXT))).toBe(false);
});

test('nothing is told any more of what was given up, also while it is decoded', async () => {
  const parts: Uint8Array[] = [];
  const decoder = createBodyDecoder('gzip', (part) => parts.push(part));
  decoder.chunk(Buffer.alloc(0));
  decoder.chunk(gzipSync(TEXT));
  decoder.destroy();
  decoder.chunk(gzipSync(TEXT));
  await new Promise<void>((resolve) => decoder.end(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(parts).toEqual([]);
});

test('of an answer that comes faster than it can be decoded the rest is not looked at', async () => {
  const parts: Uint8Array[] = [];
  const decoder = createBodyDecoder('gzip', (part) => parts.push(part));
  const noise = gzipSync(randomBytes(6 * 1024 * 1024));
  const MIB = 1024 * 1024;
  for (let at = 0; at < noise.length; at += MIB) decoder.chunk(noise.subarray(at, at + MIB));
  expect(decoder.isBlind()).toBe(true);
  await new Promise<void>((resolve) => decoder.end(resolve));
});

test('what cannot be decoded is left out, and the end still comes', async () => {
  expect(await decode('zstd', Buffer.from('anything'))).toBe('');
  expect(await decode('gzip', Buffer.from('no gzip at all'))).toBe('');
  expect(TEXT.startsWith(await decode('gzip', gzipSync(TEXT).subarray(0, 20)))).toBe(true);
});
