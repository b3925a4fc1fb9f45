import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { createMonitor } from '@llm-monitor/client';
import { describe, expect, test } from 'vitest';

import { answer, chunk, head, LAST_CHUNK, streamed, whole } from '../../helpers/http-bytes.ts';
import { HALF_CLOSE, RESET, type Step } from '../../helpers/raw-server.ts';
import { useTwinCases } from '../../helpers/twin-cases.ts';
import { streamChat } from '../../helpers/twin-programs.ts';
import { raw } from '../../helpers/twin-raw.ts';
import { observe } from '../../helpers/twin-run.ts';

const cases = useTwinCases();
let runs = 0;

type Body = NonNullable<RequestInit['body']>;

/** A program that has nothing but a fetch. */
type FetchProgram = (
  fetch: typeof globalThis.fetch,
  url: string,
  note: (seen: unknown) => void,
) => Promise<unknown>;

/** Runs it with the runtime's fetch and with a monitored one, and gives the ends that were told. */
async function expectSameFetch(
  program: FetchProgram,
  answers: (index: number) => readonly Step[],
  calls = 1,
) {
  const app = `plain-${(runs += 1)}`;
  const serve = raw((_, index) => answers(index));
  const run = (used: typeof fetch) =>
    observe(
      (_, note, server) => program(used, server.url, note),
      () => undefined as never,
      serve,
    );
  const bare = await run(fetch);
  const monitor = createMonitor({ app, natsUrl: cases.natsUrl });
  const monitored = await run(monitor.fetch());
  expect(monitored).toEqual(bare);
  await cases.events.endedCalls(app, calls);
  await monitor.close();
  await cases.events.sync();
  const told = cases.events.calls(app);
  expect(told.map(({ started, ended }) => [started.length, ended.length])).toEqual(
    told.map(() => [1, 1]),
  );
  return { bare, ended: told.map(({ ended }) => ended[0]!.event.data) };
}

const post = (body: Body, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers,
});
const completion = (body: object = {}) =>
  post(
    JSON.stringify({
      model: 'gpt',
      messages: [{ role: 'user', content: 'Why?' }],
      stream: true,
      ...body,
    }),
  );

/** Reads a body chunk by chunk. */
const readAll: FetchProgram = async (used, url, note) => {
  const response = await used(`${url}/v1/chat/completions`, completion());
  note([
    response.status,
    response.url.length,
    response.redirected,
    response.type,
    [...response.headers],
  ]);
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true });
  return text;
};

const events = (...data: string[]) => [
  head(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Transfer-Encoding': 'chunked' }),
  ...data.map((one) => chunk(`data: ${one}\n\n`)),
];
const delta = (content: string, finish: string | null = null) =>
  JSON.stringify({
    id: 'x',
    model: 'gpt',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  });
const usage = JSON.stringify({
  id: 'x',
  choices: [],
  usage: { prompt_tokens: 7, completion_tokens: 2 },
});

describe('case 17: a stream of events that ends without a finish reason or [DONE]', () => {
  test.each([
    ['after some words', [...events(delta('one'), delta('two')), LAST_CHUNK]],
    ['in the middle of an event', [...events(delta('one'), '{"choices":[{"del'), LAST_CHUNK]],
    ['at once', [...events(), LAST_CHUNK]],
  ])('case 17: is incomplete: %s', async (_, steps) => {
    const { ended } = await expectSameFetch(readAll, () => steps);
    expect(ended[0]).toMatchObject({ outcome: 'incomplete', provider: 'openai', model: 'gpt' });
  });

  test.each([
    ['reset', [...events(delta('one')), RESET]],
    ['closed', [...events(delta('one')), HALF_CLOSE]],
  ])('case 17: is an error where the connection is %s', async (_, steps) => {
    const { ended } = await expectSameFetch(readAll, () => steps);
    expect(ended[0]).toMatchObject({ outcome: 'error', chunks: 1 });
  });
});

describe('case 18: what is no word of the answer', () => {
  test('case 18: a usage chunk with no choices is counted, and [DONE] is never parsed', async () => {
    const { ended } = await expectSameFetch(readAll, () => [
      ...events(delta('one'), delta('two', 'stop'), usage, '[DONE]'),
      LAST_CHUNK,
    ]);
    expect(ended[0]).toMatchObject({
      outcome: 'completed',
      chunks: 2,
      responsePreview: 'onetwo',
      usage: { inputTokens: 7, outputTokens: 2, source: 'server' },
    });
  });
});

describe('a stream of lines that is sent as application/json', () => {
  const steps = (pieces: string[]) => [
    head(200, { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }),
    ...answer(...pieces).map((line) => chunk(line)),
    LAST_CHUNK,
  ];

  test('is read as lines, and each once, whoever makes the call', async () => {
    const expected = { outcome: 'completed', responsePreview: 'Hello there', stream: true };
    const { ended } = await expectSameFetch(
      async (used, url) => (await used(`${url}/api/chat`, completion())).text(),
      () => steps(['Hel', 'lo', ' there']),
    );
    expect(ended).toMatchObject([expected]);
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => steps(['Hel', 'lo', ' there'])),
    );
    for (const { ended: of } of told) expect(of[0]).toMatchObject(expected);
  });
});

describe('case 20: a compressed answer', () => {
  const text = answer('Hé', 'llo', ' 🙂').join('');
  const compressed: [string, Buffer][] = [
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
  ];
  const steps = (encoding: string, bytes: Buffer) => [
    head(200, {
      'Content-Type': 'application/x-ndjson',
      'Content-Encoding': encoding,
      'Transfer-Encoding': 'chunked',
    }),
    chunk(bytes.subarray(0, 20)),
    chunk(bytes.subarray(20)),
    LAST_CHUNK,
  ];
  test.each(compressed)(
    'case 20: is decoded once, with the headers of the bare fetch: %s',
    async (encoding, bytes) => {
      const { told } = await cases.expectSame(
        streamChat,
        raw(() => steps(encoding, bytes)),
      );
      for (const { ended } of told)
        expect(ended[0]).toMatchObject({ outcome: 'completed', responsePreview: 'Héllo 🙂' });
      await expectSameFetch(
        async (used, url, note) => {
          const response = await used(`${url}/api/chat`, completion());
          note([...response.headers]);
          return response.text();
        },
        () => steps(encoding, bytes),
      );
    },
  );

  test('case 20: one that is cut is the same error', async () => {
    const bytes = gzipSync(text);
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => [...steps('gzip', bytes.subarray(0, 40))]),
    );
    for (const { ended } of told) expect(['error', 'incomplete']).toContain(ended[0]?.outcome);
  });
  // One that is not compressed at all is not compared: Node 20's own fetch then fails or hangs for ever, by chance.
});

describe('case 21: a request body that cannot be parsed', () => {
  const zstd = new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00, 0x41, 0xff, 0x00, 0x80]);
  const bodies: [string, () => Body][] = [
    ['bytes', () => zstd],
    ['a part of a buffer', () => Buffer.concat([Buffer.alloc(3), zstd]).subarray(3)],
    ['an ArrayBuffer', () => zstd.slice().buffer],
    ['a Blob', () => new Blob([zstd], { type: 'application/zstd' })],
    ['a stream', () => new Blob([zstd]).stream()],
    ['fields', () => new URLSearchParams({ model: 'm' })],
  ];
  test.each(bodies)('case 21: a zstd request body passes as it is: %s', async (_, body) => {
    const { bare, ended } = await expectSameFetch(
      async (used, url) => {
        const init = {
          ...post(body(), { 'Content-Encoding': 'zstd' }),
          duplex: 'half' as const,
        };
        return (await used(`${url}/api/chat`, init)).text();
      },
      () => streamed(answer('one')),
    );
    expect(bare.error).toBeUndefined();
    expect(ended[0]).toMatchObject({ outcome: 'completed', model: 'unknown' });
  });

  test('case 21: a Request is passed on, its body unread by the app as before', async () => {
    const { ended } = await expectSameFetch(
      async (used, url, note) => {
        const request = new Request(`${url}/api/chat`, completion());
        const text = await (await used(request)).text();
        note(request.bodyUsed);
        return text;
      },
      () => streamed(answer('one')),
    );
    expect(ended[0]).toMatchObject({ outcome: 'completed', model: 'gpt' });
  });
});

describe('case 46: attempts', () => {
  const retrying =
    (headers: (attempt: number) => Record<string, string>): FetchProgram =>
    async (used, url, note) => {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const { body } = completion();
        const response = await used(`${url}/v1/chat/completions`, post(body, headers(attempt)));
        note([response.status, await response.text()]);
      }
    };
  const answers = (index: number) =>
    index < 2
      ? whole('{"error":{"message":"busy"}}', { status: 503 })
      : [...events(delta('one', 'stop'), '[DONE]'), LAST_CHUNK];

  test.each([
    [
      'that say which they are',
      (attempt: number) => ({ 'x-stainless-retry-count': String(attempt) }),
    ],
    ['that are the same', () => ({})],
  ])('case 46: attempts %s have an event each under one logical id', async (_, headers) => {
    const { ended } = await expectSameFetch(retrying(headers), answers, 3);
    expect(ended.map(({ outcome }) => outcome)).toEqual(['error', 'error', 'completed']);
    expect(new Set(ended.map(({ requestId }) => requestId)).size).toBe(3);
    expect(new Set(ended.map(({ logicalId }) => logicalId))).toEqual(
      new Set([ended[0]?.requestId]),
    );
  });

  test('case 46: two calls that both succeed are not one', async () => {
    const { ended } = await expectSameFetch(
      retrying(() => ({})),
      () => answers(2),
      3,
    );
    expect(ended.map(({ logicalId }) => logicalId)).toEqual([undefined, undefined, undefined]);
  });
});
