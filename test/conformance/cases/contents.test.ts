import { setTimeout as delay } from 'node:timers/promises';

import type { Ollama } from 'ollama';
import { describe, expect, test } from 'vitest';

import { answer, done, line, said, streamed, whole } from '../../helpers/http-bytes.ts';
import { gate } from '../../helpers/raw-server.ts';
import { useTwinCases } from '../../helpers/twin-cases.ts';
import { askOnce, chat, streamChat } from '../../helpers/twin-programs.ts';
import { raw, type TwinRawServer } from '../../helpers/twin-raw.ts';
import type { Program } from '../../helpers/twin-run.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const cases = useTwinCases();

const statuses = ['pulling manifest', 'verifying', 'success'].map((status) => line({ status }));
const object = (more: object = {}) => whole(line({ ...done(), ...more }));
const bus = (app: string) =>
  JSON.stringify(
    cases.events.all
      .filter(({ event }) => event.data['app'] === app)
      .map(({ subject, headers, event }) => [subject, String(headers), event]),
  );

test('case 23: images are counted and never in an event', async () => {
  const image = Buffer.alloc(300, 7);
  const { told } = await cases.expectSame(
    async (ollama) => {
      const request = { ...chat, messages: [{ role: 'user', content: 'look', images: [image] }] };
      await ollama.chat({ ...request });
      await ollama.generate({ model: 'llava', prompt: 'What?', images: [image, image] });
    },
    raw(() => object({ response: 'a cat' })),
    { calls: 2, monitor: { capture: 'full' } },
  );
  for (const { ended, app } of told) {
    expect(ended[0]).toMatchObject({ imageCount: 1, imageBytes: 300 });
    expect(ended[1]).toMatchObject({ imageCount: 2, imageBytes: 600 });
    expect(bus(app)).not.toContain(image.toString('base64').slice(0, 24));
  }
});

describe('case 24: credentials are never in an event', () => {
  const config = () => ({
    headers: { Authorization: 'Bearer tok-s3cret', 'X-Api-Key': 'key-s3cret' },
  });
  const refused = JSON.stringify({
    error: 'unauthorized for http://joe:pw-s3cret@127.0.0.1/api',
    signin_url: 'https://ollama.com/connect?key=url-s3cret',
  });

  test('case 24: neither from headers, nor from a refusal with a signed URL', async () => {
    const { told } = await cases.expectSame(
      async (ollama, note) => {
        for (const program of [askOnce, streamChat]) {
          note(
            await (program as Program)(ollama, note, undefined as never, undefined as never).catch(
              (error: unknown) => error,
            ),
          );
        }
      },
      raw(() => whole(refused, { status: 401 })),
      { calls: 2, config, monitor: { capture: 'full' } },
    );
    for (const { app, ended } of told) {
      expect(ended[0]?.error?.message).toContain('unauthorized');
      expect(bus(app)).not.toContain('s3cret');
    }
  });

  test('case 24: nor from the address of the server, which the runtime refuses', async () => {
    const { told } = await cases.expectSame(
      (ollama, ...rest) => {
        const own = (ollama as unknown as { config: { host: string } }).config;
        own.host = own.host.replace('http://', 'http://joe:pw-s3cret@');
        return askOnce(ollama, ...rest);
      },
      raw(() => object()),
    );
    for (const { app } of told) expect(bus(app)).not.toContain('s3cret');
  });

  test('case 24: nor from what is asked and answered', async () => {
    const text = `see http://joe:pw-s3cret@127.0.0.1/a with Bearer tok-s3cret-0123`;
    const messages = [{ role: 'user', content: `asked: ${text}` }];
    const { told } = await cases.expectSame(
      (ollama) => ollama.chat({ ...chat, messages: [...messages] }),
      raw(() => object({ message: { role: 'assistant', content: `answered: ${text}` } })),
      { monitor: { capture: 'full' } },
    );
    for (const { app, ended } of told) {
      const clean = 'see http://127.0.0.1/a with Bearer [removed]';
      expect(ended[0]).toMatchObject({ prompt: `asked: ${clean}`, response: `answered: ${clean}` });
      expect(bus(app)).not.toContain('s3cret');
    }
  });

  test('case 24: nor from where a server redirects to', async () => {
    const location = 'http://joe:pw-s3cret@127.0.0.1:1/?token=url-s3cret';
    const { told } = await cases.expectSame(
      askOnce,
      raw(() => whole('', { status: 307, headers: { Location: location } })),
    );
    for (const { app } of told) expect(bus(app)).not.toContain('s3cret');
  });
});

describe('case 25: no text ends in half of a character', () => {
  const long = `${'a'.repeat(199)}🙂${'b'.repeat(30_000)}`;
  test.each(['preview', 'full'] as const)(
    'case 25: prompts, answers and errors: %s',
    async (capture) => {
      const { told } = await cases.expectSame(
        async (ollama, note) => {
          await ollama.chat({ ...chat, messages: [{ role: 'user', content: long }] });
          for await (const part of await ollama.chat({ ...chat, stream: true })) note(part);
          note(
            await ollama
              .chat({ ...chat, model: 'm🙂'.repeat(100) })
              .catch((error: unknown) => error),
          );
        },
        raw((_, index) =>
          index === 0
            ? object({ message: { role: 'assistant', content: long } })
            : index === 1
              ? streamed(answer(...Array.from(long.slice(0, 400))))
              : whole('e🙂'.repeat(2000), { status: 500, headers: {} }),
        ),
        { calls: 3, monitor: { capture } },
      );
      for (const { app, ended } of told) {
        expect(ended[0]).toMatchObject({
          promptPreview: `${'a'.repeat(199)}…`,
          responsePreview: `${'a'.repeat(199)}…`,
        });
        // JSON writes half of a pair as an escape.
        expect(bus(app)).not.toMatch(/\\ud[89a-f]/i);
        expect(ended[2]?.error?.message).toMatch(/🙂…?$|e…$/);
      }
    },
  );
});

test.each([
  ['case 26: an unload', 0, 'unload'],
  ['case 26: an unload by a text', '0s', 'unload'],
  ['case 27: a load', '5m', 'load'],
  ['case 27: a load that says nothing of how long', undefined, 'load'],
])('%s is not an inference', async (_, keepAlive, operation) => {
  const keep = keepAlive === undefined ? {} : { keep_alive: keepAlive };
  const { told } = await cases.expectSame(
    async (ollama, note) => {
      note(await ollama.generate({ model: 'm', prompt: '', ...keep }));
      note(await ollama.chat({ model: 'm', messages: [], ...keep }));
    },
    raw(() => object({ done_reason: operation })),
    { calls: 2 },
  );
  for (const { ended } of told) {
    for (const data of ended) expect(data).toMatchObject({ operation, outcome: 'completed' });
  }
});

describe('case 28: the first token', () => {
  const HELD_BACK_MS = 100;
  const tool = { function: { name: 'weather', arguments: { city: 'Roma' } } };
  test.each([
    ['content', said('one')],
    ['thinking', said('', { thinking: 'hm' })],
    ['a tool call', said('', { tool_calls: [tool] })],
  ])('case 28: is the first that is not empty: %s', async (_, first) => {
    const { told } = await cases.expectSame<TwinRawServer>(
      async (ollama, note, server) => {
        const parts = await ollama.chat({ ...chat, stream: true });
        for await (const part of parts) {
          note(part);
          // The server holds the first token back until the app has had the empty line for so long.
          await delay(HELD_BACK_MS);
          server.open('first');
        }
      },
      raw(() => streamed([line(said('')), gate('first'), line(first), line(done())])),
    );
    for (const { calls, ended } of told) {
      expect(calls[0]?.firstToken).toHaveLength(1);
      expect(ended[0]?.chunks).toBe(1);
      expect(ended[0]?.ttftMs).toBe(calls[0]?.firstToken[0]?.event.data.ttftMs);
      // The empty line that came before was not it.
      expect(ended[0]?.ttftMs).toBeGreaterThanOrEqual(HELD_BACK_MS - 1);
    }
  });
});

test('case 29: of tools only their names are told, also with everything captured', async () => {
  const call = { function: { name: 'weather', arguments: { city: 's3cret' } } };
  const tool = {
    type: 'function',
    function: { name: 'weather', description: 's3cret', parameters: { type: 's3cret' } },
  };
  const { told } = await cases.expectSame(
    async (ollama, note) => {
      const request = { ...chat, tools: [tool] };
      note(await ollama.chat({ ...request }));
      for await (const part of await ollama.chat({ ...request, stream: true })) note(part);
    },
    raw((_, index) =>
      index === 0
        ? object({ message: { role: 'assistant', content: '', tool_calls: [call] } })
        : streamed([line(said('', { tool_calls: [call] })), line(done())]),
    ),
    { calls: 2, monitor: { capture: 'full' } },
  );
  for (const { app, ended } of told) {
    expect(ended.map(({ toolNames }) => toolNames)).toEqual([['weather'], ['weather']]);
    expect(bus(app)).not.toContain('s3cret');
  }
});

test.each(['json', { type: 'object', properties: { sky: { type: 'string' } } }])(
  'case 30: a format together with thinking: %j',
  async (format) => {
    const { told } = await cases.expectSame(
      async (ollama, note) => {
        const parts = await ollama.chat({ ...chat, format, think: true, stream: true });
        for await (const part of parts) note(part);
      },
      raw(() =>
        streamed([
          line(said('', { thinking: 'hm' })),
          line(said('', { thinking: ' yes' })),
          ...answer('{"sky":', '"blue"}'),
        ]),
      ),
    );
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({
        responsePreview: '{"sky":"blue"}',
        chunks: 4,
        outputChars: 20,
      });
    }
  },
);

test('case 31: a missing count is absent, not 0', async () => {
  const bare = { eval_count: undefined, prompt_eval_count: undefined, load_duration: undefined };
  const { told } = await cases.expectSame(
    async (ollama, note, ...rest) => {
      await streamChat(ollama, note, ...rest);
      return askOnce(ollama, note, ...rest);
    },
    raw((_, index) =>
      index === 0 ? streamed([line(said('a')), line(done(bare))]) : whole(line(done(bare))),
    ),
    { calls: 2 },
  );
  for (const { ended } of told) {
    expect(ended.map(({ usage }) => usage)).toEqual([
      { outputTokens: 1, source: 'estimate' },
      { source: 'none' },
    ]);
    expect(ended[0]?.ollama).not.toHaveProperty('loadDurationNs');
  }
});

describe('case 39: numbers that are too large', () => {
  const withTotal = (total: string) =>
    line(done({ total_duration: 0 })).replace('"total_duration":0', `"total_duration":${total}`);
  test('case 39: nanoseconds over 2^53 keep their size', async () => {
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => streamed([line(said('a')), withTotal('19007199254740993')])),
    );
    for (const { ended } of told)
      expect(ended[0]?.ollama?.totalDurationNs).toBeCloseTo(19_007_199_254_740_993, -2);
  });
  test.each(['1e300', '99999999999999999999999', '-5'])(
    'case 39: no event is spoilt by %s',
    async (total) => {
      const { told } = await cases.expectSame(
        streamChat,
        raw(() => streamed([line(said('a')), withTotal(total)])),
      );
      for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'completed' });
    },
  );
  test('case 39: nor by a count of tokens that nothing has', async () => {
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => streamed([line(said('a')), line(done({ eval_count: 1e15 }))])),
    );
    for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'completed' });
  });
});

test.each(['pull', 'push', 'create'] as const)(
  'case 40: %s is not an inference and ends on status: success',
  async (operation) => {
    const ask = (ollama: Ollama, stream: boolean) => {
      const asking = ollama[operation] as (request: object) => Promise<unknown>;
      return asking.call(ollama, { model: 'mistral', stream });
    };
    const { told } = await cases.expectSame<TwinRawServer>(
      async (ollama, note, server) => {
        const parts = await ask(ollama, true);
        for await (const part of parts as AsyncIterable<unknown>) note(part);
        await cases.lastEnded(1);
        server.open('end of the body');
        await waitFor('the end', () => server.requests[0]?.state === 'answered');
        return ask(ollama, false);
      },
      raw((_, index) =>
        index === 0
          ? streamed([...statuses, gate('end of the body')])
          : whole('{"status":"success"}'),
      ),
      { calls: 2 },
    );
    for (const { ended, calls } of told) {
      expect(ended.map((data) => [data.operation, data.outcome])).toEqual([
        [operation, 'completed'],
        [operation, 'completed'],
      ]);
      expect(calls[0]?.firstToken).toEqual([]);
    }
  },
);
