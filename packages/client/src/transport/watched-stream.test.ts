import { Readable } from 'node:stream';

import { expect, test } from 'vitest';

import { observeEnds } from '../monitor/observe-ends.test-support.ts';
import { instrumentFetch } from './instrument-fetch.ts';
import { canWatchResponses } from './watched-stream.ts';

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
