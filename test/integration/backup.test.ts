import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { readStore } from '../helpers/read-store.ts';
import { createCli, type Cli } from '../helpers/run-cli.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

let folder: string;
let from: Stack;
let to: Stack;
const clis: Cli[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
  // No lease ends in between: what runs would be orphaned in one of the two.
  const env = { DEFAULT_LEASE_MS: '3600000' };
  [from, to] = await Promise.all([startStack({ collectors: 2, env }), startStack({ env })]);
});

afterAll(async () => {
  await Promise.all(clis.map((cli) => cli.remove()));
  await Promise.all([from?.stop(), to?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const cliOf = async (stack: Stack): Promise<Cli> => {
  const cli = await createCli({ env: { REDIS_URL: stack.redis.url } });
  clis.push(cli);
  return cli;
};

const withRedis = async <T>(stack: Stack, use: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(stack.redis.url);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
};
const readOf = (stack: Stack) =>
  withRedis(stack, async (redis) => {
    const generation = Number((await redis.get('{s0}:generation')) ?? 1);
    return await readStore(redis, 1, generation);
  });

const ask = async (stack: Stack, path: string): Promise<unknown> =>
  await (await fetch(`${stack.api.url}${path}`)).json();

/** Everything that a person sees of the past. */
const seenIn = async (stack: Stack) => ({
  store: await readOf(stack),
  calls: await ask(stack, '/api/requests?limit=500'),
  // Without the moment of asking.
  stats: { ...((await ask(stack, '/api/stats?range=24h')) as object), from: null, to: null },
});

const publishTo = async (stack: Stack, seed: number, calls: number, perSecond?: number) => {
  const connection = await connect({ servers: stack.nats.url });
  const load = createLoad({ seed, calls });
  await publishLoad(connection, load.events, perSecond === undefined ? {} : { perSecond });
  await connection.close();
  return load.truth;
};

const whole = 'whole.backup.gz';

test('a backup that is taken under load holds one moment: no count without its call', async () => {
  const cli = await cliOf(from);
  const truth = await publishTo(from, 1, 400);
  await waitFor('them', async () => (await readOf(from)).totals.started === truth.started);
  const path = join(folder, 'under-load.backup.gz');
  const load = publishTo(from, 2, 1500, 1500);
  const done = await cli.run('backup', '--out', path);
  expect(done, done.output).toMatchObject({ code: 0 });
  const second = await load;
  await waitFor(
    'all of the load',
    async () => (await readOf(from)).totals.started === truth.started + second.started,
  );

  expect((await stat(path)).mode & 0o077).toBe(0);
  expect(await readdir(folder)).toEqual(['under-load.backup.gz']);
  const lines = gunzipSync(await readFile(path))
    .toString('utf8')
    .trim()
    .split('\n');
  const entries = lines
    .slice(1, -1)
    .map((line) => JSON.parse(line) as [string, string, number, string[]]);
  const totals = entries.find(([, key]) => key === '{s0}:totals')?.[3] ?? [];
  const started = Number(totals[totals.indexOf('n') + 1]);
  // Each count by itself, though the store holds them in blocks: every version can add it to its own.
  const named = (name: RegExp) => totals.filter((field, i) => i % 2 === 0 && name.test(field));
  expect(named(/^d\d+$/).length).toBeGreaterThan(5);
  expect(named(/^[A-Z]/)).toEqual([]);
  const requests = entries.filter(([, key]) => key.startsWith('{s0}:req:')).length;
  const active = entries.find(([, key]) => key === '{s0}:active')?.[3].length ?? 0;
  const ended = entries.filter(([, key]) => /^\{s0\}:hist:\d+$/.test(key));
  const history = ended.reduce((sum, [, , , values]) => sum + values.length / 2, 0);
  expect(started).toBe(requests);
  expect(active / 2 + history).toBe(started);
  expect(started).toBeGreaterThanOrEqual(truth.started);

  // A second one does not take its place unless told so.
  const before = await readFile(path);
  const again = await cli.run('backup', '--out', path);
  expect(again).toMatchObject({ code: 1, output: expect.stringContaining('is there already') });
  expect(await readFile(path)).toEqual(before);
  expect(await cli.run('backup', '--out', path, '--overwrite')).toMatchObject({ code: 0 });
  expect(await cli.run('backup', '--out', path, '--force')).toMatchObject({ code: 0 });
  expect(await readFile(path)).not.toEqual(before);
});

test('restored into an empty stack that runs, everything is as it was, and what comes then counts too', async () => {
  const path = join(folder, whole);
  const made = await (await cliOf(from)).run('backup', '--out', path);
  expect(made, made.output).toMatchObject({ code: 0 });
  const before = await seenIn(from);
  const cli = await cliOf(to);

  const restored = await cli.run('restore', path);
  expect(restored, restored.output).toMatchObject({ code: 0 });

  expect(await seenIn(to)).toEqual(before);
  const truth = await publishTo(to, 3, 100);
  const started = before.store.totals.started + truth.started;
  await waitFor('what came then', async () => (await readOf(to)).totals.started === started);
  await waitFor('the last of it', async () => {
    const { totals, active, history } = await readOf(to);
    return active + history === totals.started;
  });

  const again = await cli.run('restore', path);
  expect(again.code).toBe(1);
  expect(again.output).toContain('calls in this store already');
  expect((await readOf(to)).totals.started).toBe(started);

  const unasked = await cli.run('restore', path, '--replace');
  expect(unasked.code).toBe(1);
  expect((await readOf(to)).totals.started).toBe(started);
  const replaced = await cli.run('restore', path, '--replace', '--yes');
  expect(replaced, replaced.output).toMatchObject({ code: 0 });
  expect(await seenIn(to)).toEqual(before);
});

const withItsEnd = (lines: readonly string[]): Buffer => {
  const body = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(body).digest('hex');
  return gzipSync(`${body}${JSON.stringify({ end: true, keys: 1, requests: 0, sha256 })}\n`);
};

test('a file that is none, damaged, forged, cut or of a newer program is refused before anything is touched', async () => {
  const good = await readFile(join(folder, whole));
  const text = gunzipSync(good).toString('utf8');
  const cases = {
    none: [Buffer.from('hello'), 'is no backup'],
    other: [gzipSync('{"some":"json"}\n'), 'is no backup'],
    changed: [gzipSync(text.replace('"ok","', '"ok","9')), 'its checksum is wrong'],
    cut: [good.subarray(0, good.length - 100), 'damaged'],
    short: [gzipSync(text.slice(0, text.lastIndexOf('\n{'))), 'its end is missing'],
    newer: [gzipSync(text.replace('"version":1', '"version":2')), 'newer program'],
    shards: [gzipSync(text.replace('"shards":1', '"shards":3')), 'checksum is wrong'],
  } as const;
  const cli = await cliOf(to);
  const before = await readOf(to);
  for (const [name, [bytes, message]] of Object.entries(cases)) {
    const path = join(folder, `${name}.gz`);
    await writeFile(path, bytes);
    const refused = await cli.run('restore', path, '--replace', '--yes');
    expect(refused.output).toContain(message);
    expect(refused.code).toBe(1);
  }
  // Whoever writes a file can write its checksum.
  const [head = '', ...lines] = text.trim().split('\n');
  const forged = {
    'in two kinds': [[head, '["t","{s0}:active",0,["x"]]'], 'is of another kind'],
    'no count': [[head, '["h","{s0}:totals",0,["n","many"]]'], 'holds a wrong value'],
    'no values': [[head, ...lines.slice(0, -1), '["h","{s0}:totals",0]'], 'is unknown'],
    foreign: [[head, '["t","\\u001b[2J",0,["1"]]'], '"\\u001b[2J" is no key'],
    'no version': [[head.replace('"version":1', '"version":0')], 'is no backup'],
    newest: [
      [head.replace(/"version":1,"product":"[^"]+/, '"version":2,"product":"\\u001b[2J')],
      '(�[2J)',
    ],
  } as const;
  for (const [name, [written, message]] of Object.entries(forged)) {
    const path = join(folder, `${name}.gz`);
    await writeFile(path, withItsEnd(written));
    const refused = await cli.run('restore', path, '--replace', '--yes');
    expect(refused.output, name).toContain(message);
    expect(refused.output, name).not.toContain('\u001b[2J');
    expect(refused.code, name).toBe(1);
  }
  const missing = await cli.run('restore', join(folder, 'nothing.gz'));
  expect(missing.output).toContain('There is no file');
  expect(await readOf(to)).toEqual(before);
});

test('a rebuilt store is backed up as it is now, and restored into another that was rebuilt', async () => {
  const path = join(folder, 'rebuilt.gz');
  for (const stack of [from, to]) {
    const cli = await createCli({ env: { REDIS_URL: stack.redis.url, NATS_URL: stack.nats.url } });
    clis.push(cli);
    const rebuilt = await cli.run('rebuild');
    expect(rebuilt, rebuilt.output).toMatchObject({ code: 0 });
  }
  const sample = JSON.stringify({ seenAtMs: Date.now() });
  await withRedis(from, (redis) => redis.hset('{s0}:models', 'box|server', sample));
  const before = await readOf(from);
  expect(before.totals.started).toBeGreaterThan(0);

  const made = await (await cliOf(from)).run('backup', '--out', path);
  expect(made, made.output).toMatchObject({ code: 0 });
  const names = gunzipSync(await readFile(path))
    .toString('utf8')
    .split('\n')
    .slice(1, -2)
    .map((line) => (JSON.parse(line) as [string, string])[1]);
  expect(names).toEqual(expect.arrayContaining(['{s0}:totals', '{s0}:models']));
  expect(names.filter((name) => !name.startsWith('{s0}:'))).toEqual([]);
  expect(names.filter((name) => name.startsWith('{s0}:req:'))).toHaveLength(before.requests);

  const restored = await (await cliOf(to)).run('restore', path, '--replace', '--yes');
  expect(restored, restored.output).toMatchObject({ code: 0 });
  expect(await readOf(to)).toEqual(before);
  await withRedis(to, async (redis) => {
    expect(await redis.get('{s0}:generation')).toBe('2');
    expect(await redis.hget('{s0}:models', 'box|server')).toBe(sample);
  });
});

test('one that is stopped leaves no part of it', async () => {
  const redis = await startRedis();
  const store = new Redis(redis.url);
  for (let from = 0; from < 60_000; from += 10_000) {
    const pipeline = store.pipeline();
    for (let i = from; i < from + 10_000; i++) pipeline.hset(`{s0}:req:app:call-${i}`, 'b', '7');
    await pipeline.exec();
  }
  const path = join(folder, 'stopped.gz');
  const main = join(projectRoot(), 'services/collector/dist/archive/main.js');
  const backup = startProgram(process.execPath, [main, 'backup', path], {
    env: { REDIS_URL: redis.url },
  });
  await waitFor(
    'it to be written',
    async () => (await readdir(folder)).some((name) => /^stopped\.gz\..+\.part$/.test(name)),
    {
      everyMs: 1,
    },
  );
  await backup.stop('SIGINT');
  expect(await backup.exited).toBe(1);
  expect(backup.output()).toContain('Stopped: no backup was written.');
  expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([]);
  store.disconnect();
  await redis.stop();
});
