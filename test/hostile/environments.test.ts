import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { createCli, type Cli } from '../helpers/run-cli.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';

const SECRETS = {
  nats: 'nats-very-secret',
  redis: 'redis-very-secret',
  token: 'token-very-secret',
};

let folder: string;
let nats: NatsServer;
let redis: RedisServer;
let cli: Cli;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  [nats, redis] = await Promise.all([
    startNats({ args: ['--user', 'someone', '--pass', SECRETS.nats] }),
    startRedis(),
  ]);
  await redisAsks(redis.port, SECRETS.redis);
}, 60_000);
afterEach(async () => await cli.remove(), 60_000);
afterAll(async () => {
  await Promise.all([nats.stop(), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function redisAsks(port: number, password: string): Promise<void> {
  const { Redis } = await import('ioredis');
  const connection = new Redis(port, '127.0.0.1');
  await connection.config('SET', 'requirepass', password);
  connection.disconnect();
}

const file = async (name: string, text: string) => {
  await writeFile(join(folder, name), `${text}\n`, { mode: 0o600 });
  return join(folder, name);
};

/** What the system tells of the supervisor and of each of its parts. */
async function environments(): Promise<string> {
  const { parts } = JSON.parse(await readFile(join(cli.home, 'stack.json'), 'utf8')) as {
    parts: { process?: { pid: number } }[];
  };
  const pids = [await cli.supervisorPid(), ...parts.map(({ process: one }) => one?.pid ?? 0)];
  const texts = await Promise.all(
    pids
      .flatMap((pid) => [`/proc/${pid}/environ`, `/proc/${pid}/cmdline`])
      .map((path) => readFile(path, 'utf8')),
  );
  return texts.join('\n');
}

test('what stands in files is in no environment, also not after a restart from another shell', async () => {
  cli = await createCli({
    env: {
      NATS_URL_FILE: await file('nats', `nats://someone:${SECRETS.nats}@127.0.0.1:${nats.port}`),
      REDIS_URL_FILE: await file('redis', `redis://:${SECRETS.redis}@127.0.0.1:${redis.port}`),
      LLM_MONITOR_TOKEN_FILE: await file('token', SECRETS.token),
    },
  });
  const started = await cli.run('start');
  expect(started.output).toContain('LLM Monitor runs');
  expect(await environments()).not.toMatch(/very-secret/);
  const bare = await createCli({ ...cli, env: { PROXY_LISTEN: '' } });
  const again = await bare.run('restart');
  expect(again.output).toContain('LLM Monitor runs');
  expect(await environments()).not.toMatch(/very-secret/);
  expect(await readFile(join(cli.home, 'stack.json'), 'utf8')).toContain('NATS_URL_FILE');
  // The other shell knows of no token, and the stack must not forget that it has one.
  expect((await fetch(`${cli.url}/api/status`)).status).toBe(401);
}, 120_000);

test("the passwords of the stack's own users are in no environment", async () => {
  cli = await createCli();
  const { code, output } = await cli.run('start');
  expect(code, output).toBe(0);
  const secrets = JSON.parse(
    await readFile(join(cli.home, 'bus', 'secrets.json'), 'utf8'),
  ) as Record<string, string>;
  const seen = await environments();
  for (const [user, secret] of Object.entries(secrets))
    expect(seen.includes(secret), user).toBe(false);
  expect((await stat(join(cli.home, 'bus', 'collector.url'))).mode & 0o077).toBe(0);
  expect((await cli.run('test')).output).toContain('Everything works');
}, 120_000);

test('a restart from a shell without the token does not open what asked for one', async () => {
  cli = await createCli({ env: { LLM_MONITOR_TOKEN: SECRETS.token } });
  expect(await cli.run('start')).toMatchObject({ code: 0 });
  expect(await readFile(join(cli.home, 'stack.json'), 'utf8')).not.toContain(SECRETS.token);
  const before = await cli.supervisorPid();
  const bare = await createCli({ ...cli, env: { PROXY_LISTEN: '' } });
  const refused = await bare.run('restart');
  expect(refused.output).toContain('asks for a token, and none is set here');
  expect(refused.code).toBe(1);
  expect(await cli.supervisorPid()).toBe(before);
  expect((await fetch(`${cli.url}/api/status`)).status).toBe(401);
}, 120_000);
