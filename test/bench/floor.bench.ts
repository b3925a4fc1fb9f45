// What Redis needs for what a collector writes alone: the commands of its append-only file, without the script that decides on them and
// without a single read, are given to an empty Redis again, each kind by itself and all of them: about the least that storing this takes.
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';

import { parseEvent, type RequestEvent } from '@llm-monitor/collector/parse-event';
import { createRequestStore } from '@llm-monitor/collector/request-store';
import { createKeys } from '@llm-monitor/contracts/redis';
import { Redis } from 'ioredis';

import { createLoad } from '../helpers/load.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { cpuMs, median, printTable } from './measure.ts';
import { spread } from './spread.ts';

const CALLS = Number(process.env['BENCH_CALLS'] ?? 20_000);
const CALLS_APART = Number(process.env['BENCH_CALLS_APART'] ?? 3000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const BATCH = 1000;
const OPTIONS = {
  ...{ leaseMs: 35_000, defaultLeaseMs: 1_800_000, requestTtlSeconds: 1_000_000 },
  ...{
    feedMaxEntries: 1024,
    dedupe: true,
    form: () => 'short' as const,
    inBlocks: () => true,
    feedJoined: () => true,
  },
};

type Kind = 'records' | 'indexes' | 'change feed' | 'counts';
const KINDS: readonly Kind[] = ['records', 'indexes', 'change feed', 'counts'];

/** What one batch wrote: each command as its bytes are on the wire. */
type Batch = { kind: Kind; bytes: Buffer }[];

function kindOf(command: string, key: string): Kind {
  if (command === 'XADD') return 'change feed';
  if (key.includes('}req:') || key.includes(':req:')) return 'records';
  return /roll|totals/.test(key) ? 'counts' : 'indexes';
}

/** The transactions of an append-only file. */
function batchesOf(file: Buffer): Batch[] {
  const batches: Batch[] = [];
  let batch: Batch = [];
  let at = 0;
  const line = () => {
    const end = file.indexOf('\r\n', at);
    const text = file.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  while (at < file.length) {
    const from = at;
    const head = line();
    if (!head.startsWith('*')) continue;
    const words = Array.from({ length: Number(head.slice(1)) }, () => {
      const length = Number(line().slice(1));
      const word = file.toString('utf8', at, at + Math.min(length, 100));
      at += length + 2;
      return word;
    });
    const command = words[0]?.toUpperCase() ?? '';
    if (command === 'EXEC') {
      batches.push(batch);
      batch = [];
    } else if (command !== 'MULTI' && command !== 'SELECT') {
      const kind = kindOf(command, words[1] ?? '');
      batch.push({ kind, bytes: file.subarray(from, at) });
    }
  }
  return batches;
}

const load = createLoad({ seed: 1, calls: CALLS });
const events = spread(load.events, CALLS_APART).map(({ subject, event }) =>
  parseEvent({
    ...{ subject, sentAt: event.time, brokerTimeMs: Date.parse(event.time) },
    body: new TextEncoder().encode(JSON.stringify(event)),
  }),
) as RequestEvent[];

/** By the script; what it wrote, and what Redis took for it, µs an event. */
async function collect(): Promise<{ us: number; batches: Batch[] }> {
  const server = await startRedis({ args: ['--auto-aof-rewrite-percentage', '0'] });
  const redis = new Redis(server.url);
  const store = createRequestStore(redis, createKeys({ shards: 1 }), OPTIONS);
  const before = cpuMs(server.pid());
  for (let at = 0; at < events.length; at += BATCH) {
    const batch = events.slice(at, at + BATCH);
    await store.apply(() => batch);
  }
  const us = ((cpuMs(server.pid()) - before) * 1000) / events.length;
  const [, dir = ''] = (await redis.config('GET', 'dir')) as string[];
  const folder = `${dir}/appendonlydir`;
  const name = (await readdir(folder)).find((file) => file.endsWith('.incr.aof'));
  const batches = batchesOf(await readFile(`${folder}/${name}`));
  redis.disconnect();
  await server.stop();
  return { us, batches };
}

const MULTI = Buffer.from('*1\r\n$5\r\nMULTI\r\n');
const EXEC = Buffer.from('*1\r\n$4\r\nEXEC\r\n');
const SILENCE = Buffer.from('*3\r\n$6\r\nCLIENT\r\n$5\r\nREPLY\r\n$3\r\nOFF\r\n');
const DONE = Buffer.from('*3\r\n$3\r\nSET\r\n$4\r\ndone\r\n$1\r\n1\r\n');

/** The same writes, of some kinds, by nothing but commands; µs an event. */
async function replay(batches: readonly Batch[], kinds: readonly Kind[]): Promise<number> {
  const server = await startRedis({ args: ['--auto-aof-rewrite-percentage', '0'] });
  const redis = new Redis(server.url);
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const before = cpuMs(server.pid());
  socket.write(SILENCE);
  for (const batch of batches) {
    const wanted = batch.filter(({ kind }) => kinds.includes(kind)).map(({ bytes }) => bytes);
    if (wanted.length === 0) continue;
    if (!socket.write(Buffer.concat([MULTI, ...wanted, EXEC]))) await once(socket, 'drain');
  }
  socket.write(DONE);
  await waitFor('all to be written', async () => (await redis.exists('done')) === 1);
  const us = ((cpuMs(server.pid()) - before) * 1000) / events.length;
  socket.destroy();
  redis.disconnect();
  await server.stop();
  return us;
}

const script: number[] = [];
const alone = new Map<string, number[]>();
let commands = 0;
for (let round = 0; round < ROUNDS; round++) {
  const { us, batches } = await collect();
  script.push(us);
  commands = batches.reduce((sum, batch) => sum + batch.length, 0) / events.length;
  for (const [name, kinds] of [
    ...KINDS.map((kind) => [kind, [kind]] as const),
    ['all of them', KINDS] as const,
  ]) {
    const list = alone.get(name) ?? [];
    alone.set(name, list);
    list.push(await replay(batches, kinds));
  }
}
process.stdout.write(
  `${events.length} events, ${commands.toFixed(2)} commands that write an event\n`,
);
printTable([
  ['Redis, CPU µs an event', '', 'of the script'],
  ['the script', median(script).toFixed(1), '100 %'],
  ...[...alone].map(([name, values]) => [
    `its writes alone: ${name}`,
    median(values).toFixed(1),
    `${((100 * median(values)) / median(script)).toFixed(0)} %`,
  ]),
]);
