import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { collectGarbage } from '../collect-garbage.test-support.ts';
import { observeEnds } from '../monitor/observe-ends.test-support.ts';
import { canWatchResponses } from './can-watch-responses.ts';
import { instrumentFetch } from './instrument-fetch.ts';

type Body = ReadableStream<Uint8Array>;

const line = (content: string, more = {}) =>
  `${JSON.stringify({ message: { content }, done: false, ...more })}\n`;
const LINES = [line('one '), line('two '), line('three', { done: true, eval_count: 3 })];

/** As the runtime's, which can be read into buffers of a reader's own. */
function answer(isBroken = false): Response {
  const lines = [...LINES];
  // Without its type, as the types of Node know no controller that may be of either kind.
  const source: object = {
    type: 'bytes',
    pull(controller: ReadableByteStreamController) {
      const next = lines.shift();
      if (isBroken && lines.length === 0) return controller.error(new TypeError('terminated'));
      if (next !== undefined) return controller.enqueue(new TextEncoder().encode(next));
      controller.close();
      controller.byobRequest?.respond(0);
    },
  };
  const body = new ReadableStream<Uint8Array>(source);
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
}

const decoder = new TextDecoder();
const textOf = async (chunks: AsyncIterable<Uint8Array>) => {
  let text = '';
  for await (const chunk of chunks) text += decoder.decode(chunk);
  return text;
};
const nameOf = (error: unknown) => {
  const { name, message } = error as Error;
  return `${name}: ${message}`;
};
const failure = (work: Promise<unknown>) => work.then(() => 'none', nameOf);

function setUp(inner: () => Response = answer, abandonAfterMs = 60_000) {
  const { ends, deferral, observer } = observeEnds({ abandonAfterMs });
  const options = { followsStreams: false, isCustom: false, propagate: false };
  const fetch = instrumentFetch(
    async () => inner(),
    () => observer,
    options,
  );
  const endNow = () => {
    deferral.runNow();
    return ends;
  };
  const init = { method: 'POST', body: '{"model":"m"}' };
  return { ask: () => fetch('http://127.0.0.1:1/api/chat', init), endNow };
}

const completed = { outcome: 'completed', responsePreview: 'one two three' };
const cancelled = { outcome: 'cancelled', cancelledBy: 'app' };

/** How an app may read an answer: what it gets, as far as it can be compared; and what is told of the call. */
const READS: [string, object | undefined, (body: Body, response: Response) => Promise<unknown>][] =
  [
    ['a loop over it', completed, (body) => textOf(body)],
    ['text()', completed, (_, response) => response.text()],
    ['blob()', completed, async (_, response) => (await response.blob()).text()],
    [
      'a clone, and itself',
      completed,
      async (_, response) => [await response.clone().text(), await response.text()],
    ],
    ['a response of its own', completed, (body) => new Response(body).text()],
    ['a stream of Node', completed, (body) => textOf(Readable.fromWeb(body as never))],
    [
      'a stream that it is piped through',
      completed,
      (body) => textOf(body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>())),
    ],
    [
      'both branches of it',
      completed,
      async (body) => {
        const branches = body.tee();
        return [body.locked, ...(await Promise.all(branches.map(textOf)))];
      },
    ],
    [
      'two readers, one after the other',
      completed,
      async (body) => {
        const first = body.getReader();
        const { value } = await first.read();
        const locked = [body.locked];
        first.releaseLock();
        locked.push(body.locked);
        const late = await failure(first.read());
        return [
          locked,
          late,
          await failure(first.closed),
          decoder.decode(value) + (await textOf(body)),
        ];
      },
    ],
    [
      'a loop that leaves the rest to another',
      completed,
      async (body) => {
        let text = '';
        for await (const chunk of body.values({ preventCancel: true })) {
          text += decoder.decode(chunk);
          break;
        }
        return [body.locked, text + (await textOf(body))];
      },
    ],
    [
      'a pipe that breaks, and then a loop',
      completed,
      async (body) => {
        let text = '';
        const broken = new WritableStream<Uint8Array>({
          write(chunk, controller) {
            text += decoder.decode(chunk);
            controller.error(new Error('full'));
          },
        });
        const why = await failure(body.pipeTo(broken, { preventCancel: true }));
        return [why, body.locked, (text + (await textOf(body))).length];
      },
    ],
    [
      'a reader that is released while it reads',
      completed,
      async (body) => {
        const reader = body.getReader();
        const first = await reader.read();
        const pending = failure(reader.read());
        reader.releaseLock();
        return [await pending, decoder.decode(first.value) + (await textOf(body))];
      },
    ],
    [
      'wrong arguments first',
      completed,
      async (body) => {
        const reader = body.getReader({ mode: 'byob' });
        const why = await failure(reader.read(new Uint8Array(0)));
        reader.releaseLock();
        return [why, await textOf(body)];
      },
    ],
    [
      'nothing but its first chunk',
      cancelled,
      async (body) => {
        for await (const chunk of body) return decoder.decode(chunk);
        return 'nothing';
      },
    ],
    ['nothing', cancelled, async (body) => [await body.cancel('enough'), await textOf(body)]],
    [
      'nothing more by its reader',
      cancelled,
      async (body) => {
        const reader = body.getReader();
        await reader.read();
        await reader.cancel();
        return [await reader.read(), await reader.closed];
      },
    ],
    [
      'nothing, as a reader has it',
      undefined,
      async (body) => {
        body.getReader();
        return [await failure(body.cancel()), await failure(textOf(body)), body.locked];
      },
    ],
  ];

test.each(READS)('an app that reads an answer by %s gets the same', async (_, end, read) => {
  const { ask, endNow } = setUp();
  const [theirs, ours] = [answer(), await ask()];
  expect(await read(ours.body!, ours)).toEqual(await read(theirs.body!, theirs));
  expect(ours.bodyUsed).toBe(theirs.bodyUsed);
  expect(endNow()).toEqual(end ? [expect.objectContaining(end)] : []);
});

test('an app gets the very response of the runtime, with readers of its classes', async () => {
  const given = answer();
  const response = await setUp(() => given).ask();
  expect(canWatchResponses()).toBe(true);
  expect(response).toBe(given);
  const { body } = response;
  expect(body).toBeInstanceOf(ReadableStream);
  expect(body!.constructor).toBe(ReadableStream);
  const reader = body!.getReader();
  expect(reader).toBeInstanceOf(ReadableStreamDefaultReader);
  expect(reader.constructor).toBe(ReadableStreamDefaultReader);
});

test('an answer that breaks is told as what the app gets to see', async () => {
  const { ask, endNow } = setUp(() => answer(true));
  expect(await failure(textOf((await ask()).body!))).toBe('TypeError: terminated');
  expect(endNow()).toMatchObject([{ outcome: 'error', error: { type: 'TypeError' }, chunks: 2 }]);
});

test('an answer that one reader has left in the middle is abandoned when no other comes', async () => {
  const { ask, endNow } = setUp(answer, 20);
  const { body } = await ask();
  const reader = body!.getReader();
  await reader.read();
  reader.releaseLock();
  await expect.poll(endNow).toMatchObject([{ outcome: 'abandoned', chunks: 1 }]);
});

/** An answer of which the test says when more of it comes. */
function slowAnswer() {
  let controller: ReadableByteStreamController | undefined;
  const source: object = {
    type: 'bytes',
    start: (given: ReadableByteStreamController) => void (controller = given),
  };
  const body = new ReadableStream<Uint8Array>(source);
  const give = (one: string) => controller?.enqueue(new TextEncoder().encode(one));
  return {
    response: new Response(body, { headers: { 'content-type': 'application/x-ndjson' } }),
    give,
    end: () => controller?.close(),
    break: (error: Error) => controller?.error(error),
  };
}

test('what comes when a pipe has gone waits for who reads next', async () => {
  const slow = slowAnswer();
  const { ask, endNow } = setUp(() => slow.response);
  const { body } = await ask();
  const aborter = new AbortController();
  let text = '';
  const sink = new WritableStream<Uint8Array>({
    write: (chunk) => void (text += decoder.decode(chunk)),
  });
  const piped = failure(body!.pipeTo(sink, { signal: aborter.signal, preventCancel: true }));
  slow.give(LINES[0]!);
  await expect.poll(() => text).toBe(LINES[0]);
  aborter.abort();
  expect(await piped).toContain('AbortError');
  slow.give(LINES[1]!);
  for (let i = 0; i < 3; i++) {
    await nextTurn();
    collectGarbage();
  }
  const rest = textOf(body!);
  slow.give(LINES[2]!);
  slow.end();
  expect(text + (await rest)).toBe(LINES.join(''));
  expect(endNow()).toEqual([expect.objectContaining(completed)]);
});

test.each<[string, (body: Body) => unknown]>([
  ['halved', (body) => body.tee()[0].getReader().closed],
  ['piped', (body) => body.pipeTo(new WritableStream({}, { highWaterMark: 0 }))],
])('a body that breaks while it is %s, and nobody reads, has broken', async (_, use) => {
  const slow = slowAnswer();
  const { ask, endNow } = setUp(() => slow.response);
  const why = failure(use((await ask()).body!) as Promise<unknown>);
  slow.break(new TypeError('terminated'));
  expect(await why).toBe('TypeError: terminated');
  expect(endNow()).toMatchObject([{ outcome: 'error', error: { type: 'TypeError' } }]);
});

test('a body that was halved stays locked, whatever becomes of its halves', async () => {
  const { ask, endNow } = setUp();
  const { body } = await ask();
  void body!.tee();
  // From when the call has lasted a moment, nothing of ours holds them.
  endNow();
  for (let i = 0; i < 3; i++) {
    await nextTurn();
    collectGarbage();
  }
  expect(body!.locked).toBe(true);
  expect(() => body!.getReader()).toThrow('locked');
});

test('another class of streams in the place of the runtime has no methods of the first', async () => {
  expect(canWatchResponses()).toBe(true);
  const { ReadableStream: native } = globalThis;
  globalThis.ReadableStream = class {} as typeof native;
  try {
    expect(canWatchResponses()).toBe(false);
  } finally {
    globalThis.ReadableStream = native;
  }
});

/** A response of a class that is not the runtime's, with a body of the runtime's. */
class Foreign {
  readonly body: Body;
  readonly headers = new Headers({ 'content-type': 'application/json' });
  readonly ok = true;
  readonly status = 200;

  constructor(text: string) {
    this.body = new Blob([text]).stream();
  }

  text(): Promise<string> {
    return textOf(this.body);
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/** … and which has its text by other ways than its body. */
class Closed extends Foreign {
  override text = () => Promise.resolve('closed');
}

test('of another class those responses are watched that read their bodies by their methods', async () => {
  for (const [one, isWatched] of [
    [new Foreign(line('one two three', { done: true })), true],
    [new Closed(line('one two three', { done: true })), false],
  ] as const) {
    expect(canWatchResponses(one.constructor as never)).toBe(isWatched);
    const { body } = one;
    const { ask, endNow } = setUp(() => one as never);
    const response = await ask();
    expect(response).toBe(one);
    expect(response.body === body).toBe(isWatched);
    expect(await textOf(response.body!)).toContain('one two three');
    expect(endNow()).toMatchObject([completed]);
  }
  for (const none of [undefined, null, Object, class {}]) {
    expect(canWatchResponses(none as never)).toBe(none === undefined);
  }
});
