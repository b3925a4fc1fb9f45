import { isDeepStrictEqual } from 'node:util';

import defaultOllama, { Ollama } from '@llm-monitor/client/ollama';
import * as monitored from '@llm-monitor/client/ollama';
import browserDefault, { Ollama as BrowserOllama } from '@llm-monitor/client/ollama/browser';
import bareDefault, { Ollama as Bare } from 'ollama';
import * as bare from 'ollama';
import { Ollama as BareBrowser } from 'ollama/browser';
import { describe, expect, test } from 'vitest';

import { answer, done, line, streamed, whole } from '../../helpers/http-bytes.ts';
import { RESET, type Step } from '../../helpers/raw-server.ts';
import { useTwinCases } from '../../helpers/twin-cases.ts';
import { askOnce, chat, streamChat } from '../../helpers/twin-programs.ts';
import { raw, type TwinRawServer } from '../../helpers/twin-raw.ts';
import type { Program } from '../../helpers/twin-run.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const cases = useTwinCases();
const object = () => whole(line(done()));

describe('case 35: what throws never reaches the app', () => {
  test('case 35: a throwing redact hook costs the texts and nothing else', async () => {
    const redact = () => {
      throw new Error('broken hook');
    };
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => streamed(answer('one'))),
      {
        monitor: { redact },
      },
    );
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'completed' });
      expect(ended[0]).not.toHaveProperty('promptPreview');
      expect(ended[0]).not.toHaveProperty('responsePreview');
    }
  });

  test('case 35: a hook that gives no text', async () => {
    const redact = (() => 5) as unknown as (text: string) => string;
    const { told } = await cases.expectSame(askOnce, raw(object), { monitor: { redact } });
    for (const { ended } of told) expect(ended[0]).not.toHaveProperty('promptPreview');
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const odd: [string, unknown][] = [
    ['a BigInt', 5n],
    ['a circular field', circular],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new RangeError('mine');
        },
      },
    ],
    [
      'a getter that throws',
      {
        get seed() {
          throw new RangeError('mine');
        },
      },
    ],
  ];
  test.each(odd)('case 35: %s is the same error as in the bare client', async (_, options) => {
    const { bare: observed } = await cases.expectSame(
      (ollama) => ollama.chat({ ...chat, options: options as never }),
      raw(object),
      { calls: 0 },
    );
    expect(observed.error).toMatch(/TypeError|RangeError/);
    expect(observed.served).toEqual([]);
  });
});

describe('case 36: requests', () => {
  const requests: [string, Program][] = [
    [
      'are changed as the bare client changes them',
      async (ollama, note) => {
        const request = {
          ...chat,
          messages: [{ role: 'user', content: 'x', images: [new Uint8Array([1, 2])] }],
        };
        await ollama.chat(request);
        note(request);
      },
    ],
    [
      'that are frozen are refused with the same TypeError',
      (ollama) => ollama.chat(Object.freeze({ ...chat })),
    ],
    [
      'whose messages are frozen',
      (ollama) =>
        ollama.chat({
          ...chat,
          messages: [Object.freeze({ role: 'user', content: 'x', images: [new Uint8Array([1])] })],
        }),
    ],
    [
      'that are frozen and say whether they stream',
      (ollama) =>
        ollama.generate(Object.freeze({ model: 'm', prompt: 'x', stream: false as const })),
    ],
  ];
  test.each(requests)('case 36: %s', async (_, program) => {
    await cases.expectSame(program, raw(object), {
      calls: 0,
      untold: ['drop-in', 'fetch', 'browser'],
      ways: ['drop-in', 'fetch', 'browser'],
    });
  });
});

/** Both directions: what takes one takes the other. */
const asBare: typeof bare.Ollama = Ollama;
const asMonitored: typeof Ollama = bare.Ollama;
const instanceAsBare: bare.Ollama = new Ollama();
const instanceAsMonitored: Ollama = new bare.Ollama();
type Missing = Exclude<keyof typeof bare, keyof typeof monitored>;
const nothingMissing: Missing extends never ? true : false = true;

describe('case 37: the drop-in stands where the original stood', () => {
  test('case 37: instanceof, exports, and what can be listed', () => {
    expect([asBare, asMonitored, nothingMissing]).toEqual([Ollama, Bare, true]);
    expect(instanceAsBare).toBeInstanceOf(Bare);
    expect(instanceAsMonitored).toBeInstanceOf(Bare);
    expect(defaultOllama).toBeInstanceOf(Ollama);
    expect(browserDefault).toBeInstanceOf(BareBrowser);
    expect(new BrowserOllama()).toBeInstanceOf(BareBrowser);
    expect(Object.keys(monitored).toSorted()).toEqual(Object.keys(bare).toSorted());
    expect(Object.keys(defaultOllama)).toEqual(Object.keys(bareDefault));
    expect(Ollama.name).toBe(Bare.name);
    expect(String(Object.prototype.toString.call(defaultOllama))).toBe('[object Object]');
  });

  test('case 37: a class of the app that extends it', async () => {
    const { told } = await cases.expectSame(async (ollama, note, server) => {
      const Base = ollama.constructor as typeof Bare;
      class Mine extends Base {
        override async chat(...all: unknown[]) {
          note('mine');
          return super.chat(...(all as Parameters<Bare['chat']>)) as never;
        }
      }
      const mine = new Mine({ host: server.url });
      note(mine instanceof Bare);
      await ollama.chat({ ...chat });
      return (ollama as unknown as { config: object }).config;
    }, raw(object));
    for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'completed' });
  });

  const steps: [string, () => readonly Step[]][] = [
    ['a stream', () => streamed(answer('one', 'two'))],
    ['a reset', () => streamed([...answer('one').slice(0, 1), RESET])],
  ];
  test.each(steps)('case 37: the browser entry, with %s', async (_, make) => {
    await cases.expectSame(streamChat, raw(make), { ways: ['browser'] });
  });

  test('case 37: the stream object is of the same class, with nothing more to list', async () => {
    await cases.expectSame(
      async (ollama, note) => {
        const parts = await ollama.chat({ ...chat, stream: true });
        note([parts, Object.keys(parts), parts.constructor.name, Object.entries(parts).length]);
        const generator = parts[Symbol.asyncIterator]();
        note([Object.prototype.toString.call(generator), Object.keys(generator), generator]);
        note(generator[Symbol.asyncIterator]() === generator);
        note(
          await Promise.all([
            generator.next(),
            generator.next(),
            generator.next(),
            generator.next(),
          ]),
        );
        try {
          structuredClone(parts);
        } catch (error) {
          note((error as Error).name);
        }
      },
      raw(() => streamed(answer('one', 'two'))),
    );
  });
});

describe('case 38: a custom fetch', () => {
  test('case 38: gets identical (url, init) with its signal', async () => {
    const seen: unknown[] = [];
    const signals: AbortSignal[] = [];
    const custom = function (this: unknown, ...all: Parameters<typeof fetch>) {
      const [url, init] = all;
      seen.push([
        this === undefined,
        all.length,
        typeof url,
        Object.entries({ ...init }).filter(([name]) => name !== 'signal'),
        init?.signal?.constructor.name,
      ]);
      if (init?.signal) signals.push(init.signal);
      return fetch(...all);
    };
    const { told } = await cases.expectSame(
      async (ollama, note, ...rest) => {
        const parts = await ollama.chat({ ...chat, stream: true });
        const { abortController } = parts as unknown as { abortController: AbortController };
        note(abortController.signal === signals.at(-1));
        for await (const part of parts) note(part);
        await askOnce(ollama, note, ...rest);
        note(seen.splice(0));
      },
      raw((_, index) => (index === 0 ? streamed(answer('one')) : object())),
      {
        calls: 2,
        config: () => ({ fetch: custom as typeof fetch, headers: new Headers({ 'X-Mine': '1' }) }),
      },
    );
    for (const { ended } of told)
      expect(ended.map(({ outcome }) => outcome)).toEqual(['completed', 'completed']);
  });

  const customs: [string, typeof fetch][] = [
    [
      'that throws at once',
      () => {
        throw new RangeError('mine');
      },
    ],
    ['that rejects with no error', () => Promise.reject('a text' as never)],
    [
      'that gives a plain object',
      async () =>
        ({
          ok: true,
          status: 200,
          body: null,
          headers: new Headers(),
          json: async () => ({ mine: 1 }),
        }) as never,
    ],
    [
      'that gives a subclass of Response',
      async () => new (class Mine extends Response {})('{"mine":1}'),
    ],
    ['that gives a response of nothing', async () => new Response(null, { status: 200 })],
    ['that gives nothing', async () => undefined as never],
  ];
  test.each(customs)('case 38: %s', async (_, custom) => {
    await cases.expectSame(
      async (ollama, note, ...rest) => {
        note(await askOnce(ollama, note, ...rest).catch((error: unknown) => error));
        await streamChat(ollama, note, ...rest);
      },
      raw(object),
      { untold: ['drop-in', 'fetch'], config: () => ({ fetch: custom }) },
    );
  });

  test('case 38: the fetch of the moment of construction is used, as in the bare client', async () => {
    await cases.expectSame(async (ollama, note, ...rest) => {
      const { fetch: before } = globalThis;
      globalThis.fetch = () => Promise.reject(new Error('replaced later'));
      try {
        note(isDeepStrictEqual(await askOnce(ollama, note, ...rest), done()));
      } finally {
        globalThis.fetch = before;
      }
    }, raw(object));
  });
});

test('case 22: a slow reader slows the server down as with the bare client', async () => {
  const lines = answer(...Array.from({ length: 600 }, () => 'x'.repeat(64 * 1024)));
  const sent: number[] = [];
  await cases.expectSame<TwinRawServer>(
    async (ollama, note, server) => {
      const generator = (await ollama.chat({ ...chat, stream: true }))[Symbol.asyncIterator]();
      await generator.next();
      let last = -1;
      const standsStill = () => {
        const before = last;
        last = server.requests[0]?.sentBytes ?? 0;
        return last === before;
      };
      await waitFor('the sockets to fill up', standsStill, { everyMs: 200 });
      note(last < 20 * 1024 * 1024);
      sent.push(last);
      for (let next = await generator.next(); !next.done;) next = await generator.next();
    },
    raw(() => streamed(lines)),
  );
  expect(sent).toHaveLength(4);
});
