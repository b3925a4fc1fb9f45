import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { projectRoot } from '../helpers/project-root.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startRedis } from '../helpers/start-redis.ts';

const PROGRAM = fileURLToPath(new URL('./programs/closed-bus.mjs', import.meta.url));
const COLLECTOR = join(projectRoot(), 'services/collector/dist/main.js');

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

test('a collector says of a NATS without JetStream what it lacks', async () => {
  const bare = await startNats({ jetstream: false });
  const redis = await startRedis();
  const collector = startProgram(process.execPath, [COLLECTOR], {
    env: { NATS_URL: bare.url, REDIS_URL: redis.url, PORT: '0' },
  });
  expect(await collector.exited).toBe(1);
  expect(collector.output()).toContain('The NATS of NATS_URL has no JetStream');
  await Promise.all([bare.stop(), redis.stop()]);
});

test('a service that closes its connection itself goes on', async () => {
  expect(await run({ ORDERLY: '1' }).exited).toBe(42);
});
