import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { freePort } from '../helpers/free-port.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { collectEvents, type EventCollector } from '../helpers/collect-events.ts';
import { twinRun, type Program } from '../helpers/twin-run.ts';
import { waitFor } from '../helpers/wait-for.ts';
import type { FakeOllamaOptions, Script } from '@llm-monitor/fake-ollama';

let nats: NatsServer;
let events: EventCollector;
beforeAll(async () => {
  nats = await startNats();
  events = await collectEvents(nats.url);
});
afterAll(async () => {
  await events.stop();
  await nats.stop();
});

const chat = {
  model: 'llama3.2:3b',
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
};

/** Streams one chat and notes every chunk. */
const stream: Program = async (ollama, note) => {
  for await (const part of await ollama.chat({ ...chat, stream: true })) note(part);
};

interface Case {
  name: string;
  program: Program;
  respond?: FakeOllamaOptions['respond'];
  script?: Script;
  server?: Omit<FakeOllamaOptions, 'respond'>;
  outcome: string;
  error?: { type: string; message?: string | RegExp; status?: number };
}

const words = ['Hé', 'llo ', '日本', '語 ', '🙂', ' end'];

const cases: Case[] = [
  {
    name: 'a stream cut at every byte, also inside characters',
    program: stream,
    script: { content: words, chunking: { bytes: 1 } },
    outcome: 'completed',
  },
  {
    name: 'a stream cut across lines',
    program: stream,
    script: { content: words, chunking: { bytes: 97 } },
    outcome: 'completed',
  },
  {
    name: 'several lines in one chunk, the last without a newline',
    program: stream,
    script: { content: words, chunking: { lines: 4 }, withoutLastNewline: true },
    outcome: 'completed',
  },
  {
    name: 'a final line that carries content',
    program: stream,
    script: { content: words, finalLineHasContent: true },
    outcome: 'completed',
  },
  {
    name: 'thinking and tool calls',
    program: stream,
    script: {
      thinking: ['hm', ' yes'],
      content: [],
      toolCalls: [{ name: 'weather', arguments: { city: 'Roma' } }],
    },
    outcome: 'completed',
  },
  {
    name: 'an answer without streaming',
    program: (ollama) => ollama.chat(chat),
    outcome: 'completed',
  },
  {
    name: 'generate with an image and a format',
    program: (ollama) =>
      ollama.generate({
        model: 'llava',
        prompt: 'What is this?',
        images: [new Uint8Array([1, 2, 3])],
        format: 'json',
      }),
    outcome: 'completed',
  },
  {
    name: 'an embedding',
    program: (ollama) => ollama.embed({ model: 'nomic-embed-text', input: ['one', 'two'] }),
    outcome: 'completed',
  },
  {
    name: 'durations beyond 2^53 nanoseconds',
    program: stream,
    script: {
      finalText:
        '{"model":"m","created_at":"x","message":{"role":"assistant","content":""},"done":true,"total_duration":19007199254740993,"eval_count":3}',
    },
    outcome: 'completed',
  },
  {
    name: 'a model that does not exist',
    program: (ollama) => ollama.chat({ ...chat, model: 'nothing' }),
    server: { models: ['llama3.2:3b'] },
    outcome: 'error',
    error: { type: 'ResponseError', message: "model 'nothing' not found", status: 404 },
  },
  {
    name: 'a model that does not exist, streaming',
    program: (ollama) => ollama.chat({ ...chat, model: 'nothing', stream: true }),
    server: { models: ['llama3.2:3b'] },
    outcome: 'error',
    error: { type: 'ResponseError', message: "model 'nothing' not found", status: 404 },
  },
  {
    name: 'a refusal with a body of its own',
    program: stream,
    script: {
      fault: { kind: 'http', status: 503, body: '<h1>busy</h1>', contentType: 'text/html' },
    },
    outcome: 'error',
    error: { type: 'ResponseError', message: '<h1>busy</h1>', status: 503 },
  },
  {
    name: 'an error line under status 200',
    program: stream,
    script: { fault: { kind: 'error-line', error: 'llama runner exited', afterLines: 2 } },
    outcome: 'error',
    error: { type: 'Error', message: 'llama runner exited' },
  },
  {
    name: 'a body that ends before its final line',
    program: stream,
    script: { fault: { kind: 'eof', afterLines: 2 } },
    outcome: 'incomplete',
    error: { type: 'Error', message: 'Did not receive done or success response in stream.' },
  },
  {
    name: 'a connection reset in the middle',
    program: stream,
    script: { fault: { kind: 'reset', afterLines: 2 } },
    outcome: 'error',
    error: { type: 'TypeError', message: /terminated|aborted/ },
  },
  {
    name: 'a connection reset before any header',
    program: (ollama) => ollama.chat(chat),
    script: { fault: { kind: 'reset' } },
    outcome: 'error',
    error: { type: 'TypeError', message: /fetch failed/ },
  },
  {
    name: 'an answer cut in its middle',
    program: (ollama) => ollama.chat(chat),
    script: { fault: { kind: 'eof' } },
    outcome: 'error',
    error: { type: 'SyntaxError' },
  },
  {
    name: 'leaving the loop early',
    program: async (ollama, note) => {
      for await (const part of await ollama.chat({ ...chat, stream: true })) {
        note(part);
        break;
      }
    },
    outcome: 'cancelled',
  },
  {
    name: 'a throw in the loop body',
    program: async (ollama, note) => {
      for await (const part of await ollama.chat({ ...chat, stream: true })) {
        note(part);
        throw new RangeError('my own mistake', { cause: new Error('deeper') });
      }
    },
    outcome: 'cancelled',
  },
  {
    name: 'aborting the iterator',
    program: async (ollama, note) => {
      const parts = await ollama.chat({ ...chat, stream: true });
      for await (const part of parts) {
        note(part);
        parts.abort();
      }
    },
    script: { tokenDelayMs: 30 },
    outcome: 'cancelled',
  },
  {
    name: 'iterating twice',
    program: async (ollama, note) => {
      const parts = await ollama.chat({ ...chat, stream: true });
      for await (const part of parts) note(part);
      for await (const part of parts) note(part);
    },
    outcome: 'completed',
  },
  {
    name: 'pulling a model',
    program: async (ollama, note) => {
      for await (const part of await ollama.pull({ model: 'mistral', stream: true })) note(part);
    },
    outcome: 'completed',
  },
];

describe('with the monitored client a program gets exactly what it gets with the bare one', () => {
  test.each(cases)('$name', async ({ name, program, respond, script, server, outcome, error }) => {
    const app = `results-${name.replace(/[^a-z]+/g, '-')}`;
    const { bare, monitored } = await twinRun(program, {
      natsUrl: nats.url,
      app,
      respond: respond ?? (() => script),
      ...(server ? { server } : {}),
    });
    expect(monitored).toEqual(bare);
    const [call] = await events.endedCalls(app);
    expect(call?.started).toHaveLength(1);
    expect(call?.ended).toHaveLength(1);
    const ended = call?.ended[0]?.event.data;
    expect(ended?.outcome).toBe(outcome);
    const { type, status, message } = error ?? {};
    expect({ type: ended?.error?.type, status: ended?.error?.status }).toEqual({ type, status });
    expect(ended?.error?.message ?? '').toMatch(message ?? '');
  });

  test.each(['http://127.0.0.1:PORT', 'http://no-such-host.invalid:11434'])(
    'a server that is not there: %s',
    async (url) => {
      const host = url.replace('PORT', String(await freePort()));
      const app = `results-nobody-${host.length}`;
      const { bare, monitored } = await twinRun(
        async (ollama) => {
          Object.assign((ollama as unknown as { config: object }).config, { host });
          return ollama.chat({ ...chat, stream: true });
        },
        { natsUrl: nats.url, app },
      );
      expect(monitored).toEqual(bare);
      expect(bare.error).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
      const [call] = await events.endedCalls(app);
      expect(call?.ended[0]?.event.data).toMatchObject({
        outcome: 'error',
        error: {
          type: 'TypeError',
          message: expect.stringMatching(/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/),
        },
      });
    },
  );

  test('client.abort() ends the open streams and is a no-op before any header', async () => {
    const { bare, monitored } = await twinRun(
      async (ollama, note) => {
        const first = ollama.chat({ ...chat, stream: true });
        ollama.abort();
        const parts = await first;
        try {
          for await (const part of parts) {
            note(part);
            ollama.abort();
          }
        } catch (error) {
          note((error as Error).name);
        }
        return (await ollama.chat(chat)).message;
      },
      { natsUrl: nats.url, app: 'results-client-abort', respond: () => ({ tokenDelayMs: 30 }) },
    );
    expect(monitored).toEqual(bare);
    const calls = await events.endedCalls('results-client-abort', 2);
    expect(calls.map((call) => call.ended.map((end) => end.event.data.outcome))).toEqual([
      ['cancelled'],
      ['completed'],
    ]);
  });

  test('a request is changed as the bare client changes it, and a frozen one refused as there', async () => {
    const { bare, monitored } = await twinRun(
      async (ollama, note) => {
        const request = { ...chat };
        await ollama.chat(request);
        note(request);
        return ollama.chat(Object.freeze({ ...chat }));
      },
      { natsUrl: nats.url, app: 'results-frozen' },
    );
    expect(monitored).toEqual(bare);
    expect(bare.error).toMatchObject({ name: 'TypeError' });
    expect(bare.notes).toEqual([{ ...chat, stream: false }]);
  });

  test('a custom fetch gets the same url and init, with its signal', async () => {
    const seen: unknown[][] = [];
    const custom: typeof fetch = (input, init) => {
      seen.push([input, Object.keys(init ?? {}), init?.signal?.constructor.name, init?.headers]);
      return fetch(input, init);
    };
    await twinRun(stream, { natsUrl: nats.url, app: 'results-fetch', config: { fetch: custom } });
    const [bare, monitored] = seen.map(([url, ...rest]) => [
      new URL(String(url)).pathname,
      ...rest,
    ]);
    expect(monitored).toEqual(bare);
  });

  test('a time-out that a custom fetch sets is a time-out, and the same error', async () => {
    const { bare, monitored } = await twinRun(stream, {
      natsUrl: nats.url,
      app: 'results-timeout',
      respond: () => ({ fault: { kind: 'hang' } }),
      config: {
        fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(100) }),
      },
    });
    expect(monitored).toEqual(bare);
    expect(bare.error).toMatchObject({ name: 'TimeoutError' });
    const [call] = await events.endedCalls('results-timeout');
    expect(call?.ended[0]?.subject).toMatch(/^llm\.request\.failed\./);
    expect(call?.ended[0]?.event.data).toMatchObject({
      outcome: 'timeout',
      error: { type: 'TimeoutError' },
    });
  });

  test('a slow reader slows the server down', async () => {
    const piece = 'x'.repeat(64 * 1024);
    const { bare, monitored } = await twinRun(
      async (ollama, note, server) => {
        const parts = await ollama.chat({ ...chat, stream: true });
        const generator = parts[Symbol.asyncIterator]();
        await generator.next();
        let sent = -1;
        const standsStill = () => {
          const before = sent;
          sent = server.requests[0]?.linesSent ?? 0;
          return sent === before;
        };
        await waitFor('the sockets to fill up', standsStill, { everyMs: 200 });
        note(sent < 1000);
        await generator.return(undefined);
      },
      {
        natsUrl: nats.url,
        app: 'results-slow',
        respond: () => ({ content: Array.from({ length: 1000 }, () => piece) }),
      },
    );
    expect(bare.notes).toEqual([true]);
    expect(monitored).toEqual(bare);
  });
});
