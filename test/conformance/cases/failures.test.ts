import { gzipSync } from 'node:zlib';

import { describe, expect, onTestFinished, test } from 'vitest';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

import { freePort } from '../../helpers/free-port.ts';
import {
  answer,
  chunk,
  head,
  LAST_CHUNK,
  line,
  said,
  streamed,
  streamHead,
  whole,
} from '../../helpers/http-bytes.ts';
import { HALF_CLOSE, HANG, RESET, type Step } from '../../helpers/raw-server.ts';
import { useTwinCases } from '../../helpers/twin-cases.ts';
import { askOnce, chat, streamChat } from '../../helpers/twin-programs.ts';
import { raw } from '../../helpers/twin-raw.ts';
import type { Program } from '../../helpers/twin-run.ts';

const cases = useTwinCases();

/** Asks with and without streaming, and notes where each fails. */
const bothKinds: [string, Program][] = [
  [
    'streaming',
    async (ollama, note) => {
      const parts = await ollama.chat({ ...chat, stream: true });
      note('answered');
      for await (const part of parts) note(part);
    },
  ],
  ['without streaming', askOnce],
];

/** What the app is told, and the bus. */
interface Failure {
  name: string;
  answer: readonly Step[];
  error: { type: string; message: string; status?: number };
}

async function expectFailure(program: Program, { answer: steps, error }: Failure) {
  const { told, bare } = await cases.expectSame(
    program,
    raw(() => steps),
  );
  expect(bare.notes.filter((note) => note.includes('answered'))).toEqual([]);
  for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'error', error });
  return bare;
}

const notFound = "model 'nothing' not found";
const json = { 'Content-Type': 'application/json; charset=utf-8' };

const refusals: Failure[] = [
  {
    name: 'a 404 with a message',
    answer: whole(JSON.stringify({ error: notFound }), { status: 404, headers: json }),
    error: { type: 'ResponseError', message: notFound, status: 404 },
  },
  {
    name: 'a 404 in chunks',
    answer: [
      head(404, { ...json, 'Transfer-Encoding': 'chunked' }),
      ...['{"err', 'or":"model \'nothing\' ', 'not found"}'].map(chunk),
      LAST_CHUNK,
    ],
    error: { type: 'ResponseError', message: notFound, status: 404 },
  },
  {
    name: 'a 404 whose JSON is broken',
    answer: whole('{"error": ', { status: 404, reason: 'Not Found', headers: json }),
    error: { type: 'ResponseError', message: 'Error 404: Not Found', status: 404 },
  },
  {
    name: 'a 404 with no body at all',
    answer: [head(404, { ...json, 'Content-Length': '0' }, 'Not Found')],
    error: { type: 'ResponseError', message: 'Error 404: Not Found', status: 404 },
  },
];

describe.each(refusals)('case 11: $name', (refusal) => {
  test.each(bothKinds)('case 11: rejects at await, %s', async (_, program) => {
    const bare = await expectFailure(program, refusal);
    expect(bare.error).toContain("classes: [ 'ResponseError', 'Error', 'Object' ]");
  });
});

const busy = '<h1>Zu viel los — 混んで\u{1F642}</h1>\n';

describe.each<Failure>([
  {
    name: 'a page',
    answer: whole(busy, { status: 503, headers: { 'Content-Type': 'text/html' } }),
    error: { type: 'ResponseError', message: busy, status: 503 },
  },
  {
    name: 'a compressed page',
    answer: whole(gzipSync(busy), {
      status: 503,
      headers: { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' },
    }),
    error: { type: 'ResponseError', message: busy, status: 503 },
  },
  {
    name: 'nothing',
    answer: whole('', { status: 503, reason: 'Service Unavailable', headers: {} }),
    error: { type: 'ResponseError', message: 'Error 503: Service Unavailable', status: 503 },
  },
])('case 12: a 503 with $name', (refusal) => {
  test.each(bothKinds)('case 12: its body is the message, verbatim, %s', async (_, program) => {
    await expectFailure(program, refusal);
  });
});

describe('case 13: a server that is not there', () => {
  const places: [string, () => string | Promise<string>, RegExp][] = [
    ['refused', async () => `http://127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
    [
      'refused on every address',
      async () => `http://localhost:${await freePort()}`,
      /ECONNREFUSED|fetch failed/,
    ],
    ['unknown', () => 'http://no-such-host.invalid:11434', /ENOTFOUND|EAI_AGAIN/],
    ['a forbidden port', () => 'http://127.0.0.1:1', /bad port/],
  ];
  describe.each(places)('case 13: %s', (_, place, cause) => {
    test.each(bothKinds)('case 13: the same TypeError and cause, %s', async (__, program) => {
      const host = await place();
      const { told, bare } = await cases.expectSame(
        (ollama, ...rest) => {
          Object.assign((ollama as unknown as { config: object }).config, { host });
          return program(ollama, ...rest);
        },
        raw(() => []),
      );
      expect(bare.error).toContain('fetch failed');
      expect(bare.error).toContain('cause: {');
      for (const { ended } of told) {
        const { outcome, error } = ended[0] ?? {};
        expect({ outcome, type: error?.type }).toEqual({ outcome: 'error', type: 'TypeError' });
        expect(error?.message).toMatch(cause);
      }
    });
  });

  test.each(bothKinds)(
    'case 13: a server that hangs up before it says anything, %s',
    async (_, program) => {
      await cases.expectSame(
        program,
        raw(() => [RESET]),
      );
      await cases.expectSame(
        program,
        raw(() => [HALF_CLOSE]),
      );
      await cases.expectSame(
        program,
        raw(() => ['HTTP/1.1 200 OK\r\nno header\r\n\r\n', HALF_CLOSE]),
      );
    },
  );
});

const ERROR_LINE = line({ error: 'llama runner exited' });

describe('case 15: an error line under status 200', () => {
  test.each([
    ['after some words', [line(said('one')), line(said('two')), ERROR_LINE], 2],
    ['as the first line', [ERROR_LINE], 0],
    ['without a newline', [line(said('one')), ERROR_LINE.trimEnd()], 1],
    ['and more after it', [ERROR_LINE, line(said('late')), ...answer()], 0],
  ])('case 15: is thrown as it is in the bare client: %s', async (_, lines, chunks) => {
    const { told, bare } = await cases.expectSame(
      streamChat,
      raw(() => streamed(lines)),
    );
    expect(bare.error).toContain("message: 'llama runner exited'");
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({
        outcome: 'error',
        error: { type: 'Error', message: 'llama runner exited' },
        chunks,
      });
    }
  });
});

describe('case 16: a stream that ends without its final line', () => {
  test.each([
    ['after some words', [line(said('one')), line(said('two'))]],
    ['at once', []],
    ['in the middle of a line', [line(said('one')), line(said('two')).slice(0, 20)]],
  ])('case 16: is incomplete: %s', async (_, lines) => {
    const { told, bare } = await cases.expectSame(
      streamChat,
      raw(() => streamed(lines)),
    );
    expect(bare.error).toContain('Did not receive done or success response in stream.');
    for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'incomplete' });
  });

  test('case 16: so it is where the connection marks the end of the body', async () => {
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => [
        head(200, { 'Content-Type': 'application/x-ndjson' }),
        line(said('one')),
        HALF_CLOSE,
      ]),
    );
    for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'incomplete' });
  });

  test('case 16: an object cut in its middle is the same error', async () => {
    const { told } = await cases.expectSame(
      askOnce,
      raw(() => whole('{"model":"m","mess')),
    );
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'error', error: { type: 'SyntaxError' } });
    }
  });

  test.each([10, 100_000])('case 16: a body whose length is wrong: %d', async (length) => {
    const body = line(said('one'));
    const steps = [
      head(200, { 'Content-Type': 'application/x-ndjson', 'Content-Length': String(length) }),
      body,
      HALF_CLOSE,
    ];
    await cases.expectSame(
      streamChat,
      raw(() => steps),
    );
  });
});

describe('case 19: the time-outs of the runtime', () => {
  const limit = (options: Agent.Options) => {
    const before = getGlobalDispatcher();
    const agent = new Agent(options);
    setGlobalDispatcher(agent);
    onTestFinished(async () => {
      setGlobalDispatcher(before);
      await agent.destroy();
    });
  };

  test.each(bothKinds)('case 19: no headers in time is the same error, %s', async (_, program) => {
    limit({ headersTimeout: 200 });
    const { told, bare } = await cases.expectSame(
      program,
      raw(() => [HANG]),
    );
    expect(bare.error).toContain('HeadersTimeoutError');
    expect(bare.error).toContain('UND_ERR_HEADERS_TIMEOUT');
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'timeout', error: { type: 'TimeoutError' } });
    }
  });

  test('case 19: so is a body that falls silent', async () => {
    limit({ bodyTimeout: 200 });
    const { told, bare } = await cases.expectSame(
      streamChat,
      raw(() => [streamHead(), chunk(line(said('one'))), HANG]),
    );
    expect(bare.error).toContain('UND_ERR_BODY_TIMEOUT');
    for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'timeout', chunks: 1 });
  });

  test('case 19: a time-out that the app sets itself is its own error', async () => {
    const { told, bare } = await cases.expectSame(
      streamChat,
      raw(() => [HANG]),
      {
        config: () => ({
          fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(500) }),
        }),
      },
    );
    expect(bare.error).toContain("name: 'TimeoutError'");
    for (const { ended, calls } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'timeout', error: { type: 'TimeoutError' } });
      expect(calls[0]?.ended[0]?.subject).toMatch(/^llm\.request\.failed\./);
    }
  });
});
