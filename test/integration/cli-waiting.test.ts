import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createCli, type Cli } from '../helpers/run-cli.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let redis: RedisServer;
let cli: Cli;
beforeAll(async () => {
  [nats, redis] = await Promise.all([startNats(), startRedis()]);
  cli = await createCli({
    env: { NATS_URL: nats.url, REDIS_URL: redis.url.replace('//', '//nobody:wrong@') },
  });
});
afterAll(async () => {
  await cli.remove();
  await Promise.all([nats.stop(), redis.stop()]);
});

test('says for which servers of others it waits and why, waits, and says when they are there', async () => {
  await nats.kill();
  const up = cli.start('up');
  await waitFor('it to say why', () => {
    const text = up.output();
    return text.includes('Waiting for NATS') && text.includes('Waiting for Redis');
  });
  expect(up.output()).toContain(`Waiting for NATS at ${nats.url}: not connected yet (`);
  expect(up.output()).toMatch(/refused\): is NATS_URL right, does the server run\?/);
  expect(up.output()).toMatch(/Waiting for Redis at redis:.*\(WRONGPASS .*is REDIS_URL right/);
  expect(up.output()).not.toContain('wrong@');
  await nats.restart();
  await waitFor('NATS to be found', () => up.output().includes('NATS is there.'));
  expect(up.output()).not.toContain('LLM Monitor runs');
  up.signal('SIGINT');
  expect(await up.exited).toBe(0);
});

test('runs once a server that it waited for is there, also in the background', async () => {
  const { home, webPort } = cli;
  const NATS_URL_FILE = join(home, 'nats-url');
  await writeFile(NATS_URL_FILE, `${nats.url}\n`);
  const right = { NATS_URL_FILE, REDIS_URL: redis.url };
  const other = await createCli({ home, webPort, env: right });
  await redis.kill();
  const start = other.start('start');
  await waitFor('it to say why', () => start.output().includes('Waiting for Redis'));
  expect((await other.run('logs', 'collector')).output).toContain('Redis cannot be reached');
  await redis.restart();
  expect(await start.exited, start.output()).toBe(0);
  expect(start.output()).toContain('Redis is there.');
  expect(start.output()).toContain(`Events     ${nats.url}`);
  expect(await other.run('test')).toMatchObject({ code: 0 });
});
