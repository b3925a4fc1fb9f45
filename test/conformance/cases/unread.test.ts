import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { collectGarbage } from '../../helpers/collect-garbage.ts';
import { answer, line, said, streamed } from '../../helpers/http-bytes.ts';
import { gate, type Step } from '../../helpers/raw-server.ts';
import { useTwinCases } from '../../helpers/twin-cases.ts';
import { chat } from '../../helpers/twin-programs.ts';
import { raw, type TwinRawServer } from '../../helpers/twin-raw.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const cases = useTwinCases();

const streaming = { ...chat, stream: true } as const;

/** One word at once, the rest when the program opens the gate. */
const inTwoParts = (): Step[] =>
  streamed([line(said('one')), gate('rest'), ...answer('two', 'three')]);

const answered = (server: TwinRawServer) =>
  waitFor('the answer to be complete', () => server.requests[0]?.state === 'answered');

describe('case 9: a stream that nobody iterates', () => {
  // The runtime ends the exchange of a response that is garbage as long as nobody reads it, though its body is held, and ollama-js drops each.
  beforeEach(keepResponses);

  test('case 9: ends as abandoned after a while', async () => {
    const { told } = await cases.expectSame<TwinRawServer>(
      async (ollama, note, server) => {
        note(await ollama.chat({ ...streaming }));
        await collectGarbage();
        server.open('rest');
        await answered(server);
      },
      raw(inTwoParts),
      { monitor: { abandonAfterMs: 30 } },
    );
    for (const { ended } of told) {
      expect(ended[0]).toMatchObject({ outcome: 'abandoned', cancelledBy: 'app' });
    }
  });

  test('case 9: can still be read after it counted as abandoned', async () => {
    const { told } = await cases.expectSame<TwinRawServer>(
      async (ollama, note, server) => {
        const parts = await ollama.chat({ ...streaming });
        await cases.lastEnded(1);
        await collectGarbage();
        server.open('rest');
        for await (const part of parts) note(part);
      },
      raw(inTwoParts),
      { monitor: { abandonAfterMs: 30 } },
    );
    for (const { ended } of told) expect(ended[0]).toMatchObject({ outcome: 'abandoned' });
  });
});

/** Keeps whatever the runtime would hear of when it is garbage, until the test is over. */
function keepResponses(): void {
  const kept: WeakKey[] = [];
  const { register } = FinalizationRegistry.prototype;
  const spy = vi.spyOn(FinalizationRegistry.prototype, 'register').mockImplementation(function (
    this: FinalizationRegistry<unknown>,
    ...args
  ) {
    kept.push(args[0]);
    register.apply(this, args);
  });
  onTestFinished(() => spy.mockRestore());
}
