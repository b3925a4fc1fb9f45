import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { collectEvents } from '../helpers/collect-events.ts';
import { freePort } from '../helpers/free-port.ts';
import { startNats } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';

const PROGRAM = fileURLToPath(new URL('programs/crash.mjs', import.meta.url));

test.each([
  ['throws what it does not catch', 'throw', 1],
  ['calls process.exit', 'exit', 4],
])(
  'a program that %s before it has reached the bus is seen all the same',
  async (_, ending, code) => {
    const nats = await startNats();
    const events = await collectEvents(nats.url);
    onTestFinished(async () => {
      await events.stop();
      await nats.stop();
    });
    const app = `crash ${ending}`;
    const env = {
      HOST: `http://127.0.0.1:${await freePort()}`,
      ENDING: ending,
      LLM_MONITOR_APP: app,
      LLM_MONITOR_NATS_URL: nats.url,
    };
    const program = startProgram(process.execPath, [PROGRAM], { env });
    expect(await program.exited).toBe(code);
    const [call] = await events.endedCalls(app);
    expect(call).toMatchObject({ started: [{}], ended: [{}] });
    expect(call?.ended[0]?.event.data).toMatchObject({
      outcome: 'error',
      error: { type: 'TypeError', message: expect.stringContaining('ECONNREFUSED') },
    });
  },
);
