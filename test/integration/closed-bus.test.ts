import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';

const PROGRAM = fileURLToPath(new URL('./programs/closed-bus.mjs', import.meta.url));

let nats: NatsServer;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());

const run = (env: Record<string, string>) =>
  startProgram(process.execPath, [PROGRAM], { env: { NATS_URL: nats.url, ...env } });

test('a service whose connection to NATS is closed for good ends, so that something starts it again', async () => {
  const program = run({});
  expect(await program.exited).toBe(1);
  expect(program.output()).toContain('closed for good');
});

test('a service that closes its connection itself goes on', async () => {
  expect(await run({ ORDERLY: '1' }).exited).toBe(42);
});
