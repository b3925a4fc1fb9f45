import diagnostics from 'node:diagnostics_channel';

import { describe, expect, test } from 'vitest';

import { answer, done, line, said, streamed, whole } from '../../helpers/http-bytes.ts';
import { gate, HALF_CLOSE, RESET, type Step } from '../../helpers/raw-server.ts';
import { useTwinCases } from '../../helpers/twin-cases.ts';
import { chat, streamChat } from '../../helpers/twin-programs.ts';
import { raw, type TwinRawServer } from '../../helpers/twin-raw.ts';
import type { Program } from '../../helpers/twin-run.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const cases = useTwinCases();

type RawProgram = Program<TwinRawServer>;
const streaming = { ...chat, stream: true } as const;
const ONE = line(said('one'));

/** One word at once, the rest when the program opens the gate. */
const inTwoParts = (): Step[] => streamed([ONE, gate('rest'), ...answer('two', 'three')]);

const answered = (server: TwinRawServer) =>
  waitFor('the answer to be complete', () => server.requests[0]?.state === 'answered');
const gone = (server: TwinRawServer, count = 1) =>
  waitFor('the server to see the client leave', () => {
    return server.requests.filter(({ state }) => state === 'client left').length === count;
  });

/** What a promise gives or is rejected with. */
const settled = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe('case 5: leaving the loop early', () => {
  const breaks: RawProgram = async (ollama, note, server) => {
    for await (const part of await ollama.chat({ ...streaming })) {
      note(part);
      break;
    }
    note(server.requests[0]?.state);
    server.open('rest');
    await answered(server);
  };

  test('case 5: is seen, and the server goes on as it does with the bare client', async () => {
    const { told, bare } = await cases.expectSame(breaks, raw(inTwoParts), { untold: ['fetch'] });
    expect(told[0]?.ended[0]).toMatchObject({
      outcome: 'cancelled',
      cancelledBy: 'app',
      chunks: 1,
      responsePreview: 'one',
    });
    expect(bare.served).toMatchObject([{ state: 'answered', log: ['rest', 'answered'] }]);
  });

  test('case 5: by return() of the generator, which gives the same', async () => {
    const { told } = await cases.expectSame<TwinRawServer>(
      async (ollama, note, server) => {
        const generator = (await ollama.chat({ ...streaming }))[Symbol.asyncIterator]();
        note(await generator.next());
        note(await generator.return('bye' as never));
        note(await generator.next());
        server.open('rest');
        await answered(server);
      },
      raw(inTwoParts),
      { untold: ['fetch'] },
    );
    expect(told[0]?.ended[0]).toMatchObject({ outcome: 'cancelled', chunks: 1 });
  });

  test('case 5: abortOnBreak ends the request too', async () => {
    const config = { abortOnBreak: true };
    const { told } = await cases.expectSame<TwinRawServer>(async (ollama, note, server) => {
      const parts = await ollama.chat({ ...streaming });
      for await (const part of parts) {
        note(part);
        // The bare client has no such option: there, the program does it by hand.
        parts.abort();
        break;
      }
      await gone(server);
    }, raw(inTwoParts));
    const { told: byOption } = await cases.expectMonitored<TwinRawServer>(
      async (ollama, note, server) => {
        for await (const part of await ollama.chat({ ...streaming })) {
          note(part);
          break;
        }
        await gone(server);
      },
      raw(inTwoParts),
      config,
    );
    for (const { ended } of [...told, byOption]) {
      expect(ended[0]).toMatchObject({ outcome: 'cancelled', chunks: 1 });
    }
  });
});

test.each(['an error', 'no error at all'])(
  'case 6: a throw in the loop body is rethrown unchanged: %s',
  async (kind) => {
    const mine: unknown =
      kind === 'an error' ? new RangeError('mine', { cause: { deep: 1 } }) : 'a string';
    const { told } = await cases.expectSame<TwinRawServer>(
      async (ollama, note, server) => {
        try {
          for await (const part of await ollama.chat({ ...streaming })) {
            note(part);
            throw mine;
          }
        } catch (error) {
          note(error === mine);
          server.open('rest');
          await answered(server);
          throw error;
        }
      },
      raw(inTwoParts),
      { untold: ['fetch'] },
    );
    expect(told[0]?.ended[0]).toMatchObject({ outcome: 'cancelled', cancelledBy: 'app' });
  },
);

test('case 6: an error thrown into the generator comes out of it unchanged', async () => {
  const mine = new RangeError('mine');
  await cases.expectSame<TwinRawServer>(
    async (ollama, note, server) => {
      const generator = (await ollama.chat({ ...streaming }))[Symbol.asyncIterator]();
      await generator.next();
      note((await settled(generator.throw(mine))) === mine);
      note(await generator.next());
      server.open('rest');
      await answered(server);
    },
    raw(inTwoParts),
    { untold: ['fetch'] },
  );
});

describe('case 7: aborting', () => {
  const aborts: [string, RawProgram][] = [
    [
      'between two messages',
      async (ollama, note) => {
        const parts = await ollama.chat({ ...streaming });
        for await (const part of parts) {
          note(part);
          parts.abort();
        }
      },
    ],
    [
      'while a message is awaited',
      async (ollama, note) => {
        const parts = await ollama.chat({ ...streaming });
        const generator = parts[Symbol.asyncIterator]();
        note(await generator.next());
        const next = generator.next();
        parts.abort();
        await next;
      },
    ],
    [
      'before anything is read',
      async (ollama, note) => {
        const parts = await ollama.chat({ ...streaming });
        parts.abort();
        note(parts);
        for await (const part of parts) note(part);
      },
    ],
    [
      'by the controller of the stream, with a reason',
      async (ollama, note) => {
        const parts = await ollama.chat({ ...streaming });
        const { abortController } = parts as unknown as { abortController: AbortController };
        for await (const part of parts) {
          note(part);
          abortController.abort(new SyntaxError('my reason'));
        }
      },
    ],
    [
      'by the client',
      async (ollama, note) => {
        for await (const part of await ollama.chat({ ...streaming })) {
          note(part);
          ollama.abort();
        }
      },
    ],
  ];
  test.each(aborts)('case 7: it.abort() gives the same AbortError: %s', async (_, aborting) => {
    const { told, bare } = await cases.expectSame<TwinRawServer>(async (...all) => {
      const error = await settled(aborting(...all));
      await gone(all[2]);
      throw error;
    }, raw(inTwoParts));
    expect(bare.error).toBeDefined();
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'cancelled', cancelledBy: 'app' });
    }
  });

  test('case 7: aborting twice, and after the end, changes nothing', async () => {
    const { told } = await cases.expectSame(
      async (ollama, note) => {
        const parts = await ollama.chat({ ...streaming });
        for await (const part of parts) note(part);
        parts.abort();
        parts.abort();
        ollama.abort();
      },
      raw(() => streamed(answer('one'))),
    );
    for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'completed' });
  });

  test('case 7: it.abort() and client.abort() give the same AbortError and end only the right requests', async () => {
    const { told, bare } = await cases.expectSame<TwinRawServer>(
      async (ollama, note, server, another) => {
        const streams = [];
        for (const client of [ollama, ollama, ollama, another()]) {
          const parts = await client.chat({ ...streaming });
          const generator = parts[Symbol.asyncIterator]();
          note(await generator.next());
          streams.push({ parts, generator });
        }
        const whole = ollama.chat({ ...chat });
        await waitFor('the last request', () => server.requests.length === 5);
        streams[1]?.parts.abort();
        await gone(server, 1);
        note(server.requests.map(({ state }) => state));
        ollama.abort();
        await gone(server, 3);
        note(server.requests.map(({ state }) => state));
        server.open('rest');
        for (const { generator } of streams) note(await settled(generator.next()));
        const { generator } = streams[3]!;
        for (let next = await generator.next(); !next.done; next = await generator.next()) {
          note(next);
        }
        return whole;
      },
      raw((_, index) => (index < 4 ? inTwoParts() : [gate('rest'), ...whole(line(done()))])),
      { calls: 5 },
    );
    expect(bare.notes[4]).toContain("'at rest', 'client left', 'at rest', 'at rest', 'at rest'");
    expect(bare.notes[5]).toContain("'client left', 'client left', 'client left', 'at rest'");
    for (const { ended } of told) {
      expect(ended.map(({ outcome }) => outcome)).toEqual([
        ...['cancelled', 'cancelled', 'cancelled'],
        ...['completed', 'completed'],
      ]);
    }
  });
});

test('case 8: client.abort() before headers stays a no-op', async () => {
  const { told } = await cases.expectSame<TwinRawServer>(
    async (ollama, note, server) => {
      const first = ollama.chat({ ...streaming });
      ollama.abort();
      await waitFor('the request', () => server.requests.length === 1);
      ollama.abort();
      server.open('headers');
      for await (const part of await first) note(part);
    },
    raw(() => [gate('headers'), ...streamed(answer('one', 'two'))]),
  );
  for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'completed', chunks: 2 });
});

test('case 10: iterating twice throws the original message', async () => {
  const { told, bare } = await cases.expectSame(
    async (ollama, note) => {
      const parts = await ollama.chat({ ...streaming });
      for await (const part of parts) note(part);
      for await (const part of parts) note(part);
    },
    raw(() => streamed(answer('one'))),
  );
  expect(bare.error).toContain('Did not receive done or success response in stream.');
  for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'completed' });
});

test('case 10: two iterations at once share the messages as they do in the bare client', async () => {
  const { told } = await cases.expectSame(
    async (ollama, note) => {
      const parts = await ollama.chat({ ...streaming });
      const read = async (who: string) => {
        for await (const part of parts) note([who, part]);
      };
      note(await Promise.allSettled([read('first'), read('second')]));
    },
    raw(() => streamed(answer('one', 'two', 'three'))),
  );
  for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'completed', chunks: 3 });
});

describe('case 14: a reset in the middle of a stream', () => {
  const resets = () => streamed([ONE, RESET]);

  test('case 14: is an error, not a cancel, even when a signal aborts later', async () => {
    const { told, bare } = await cases.expectSame(async (ollama, note) => {
      const parts = await ollama.chat({ ...streaming });
      const error = await settled(
        (async () => {
          for await (const part of parts) note(part);
        })(),
      );
      parts.abort();
      ollama.abort();
      throw error;
    }, raw(resets));
    expect(bare.error).toContain('terminated');
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'error', error: { type: 'TypeError' } });
    }
  });

  test('case 14: is an error too when the app aborts before it has read of it', async () => {
    const { told, bare } = await cases.expectSame<TwinRawServer>(
      async (ollama, note, server) => {
        const failed = failureOfRequest();
        const parts = await ollama.chat({ ...streaming });
        const generator = parts[Symbol.asyncIterator]();
        note(await generator.next());
        server.open('rest');
        await failed;
        parts.abort();
        return generator.next();
      },
      raw(() => streamed([ONE, gate('rest'), RESET])),
    );
    expect(bare.error).toContain('terminated');
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'error', error: { type: 'TypeError' } });
    }
  });

  test('case 14: so is a connection that ends before its body does', async () => {
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => [...streamed([ONE]).slice(0, -1), HALF_CLOSE]),
    );
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'error', error: { type: 'TypeError' } });
    }
  });
});

/** Resolves when the runtime has noticed that a request failed. */
function failureOfRequest(): Promise<unknown> {
  return new Promise((resolve) => {
    const channel = 'undici:request:error';
    const onError = () => {
      diagnostics.unsubscribe(channel, onError);
      // One turn later the body has heard of it too.
      setImmediate(resolve);
    };
    diagnostics.subscribe(channel, onError);
  });
}
