// A long history as a file: how fast each format comes, beside the same calls read page by page over the API; and what it costs in memory,
// beside a history a tenth as long. Then rollups: as many rows, a tenth, and as CSV and NDJSON. The API is a process of its own, whose
// resident memory is looked at meanwhile.
import { Redis } from 'ioredis';

import { startRedis } from '../helpers/start-redis.ts';
import { startService } from '../helpers/start-service.ts';
import { memoryOf } from '../helpers/memory-of.ts';
import { fillHistory } from './fill-history.ts';
import { fillRollups } from './fill-rollups.ts';
import { printTable } from './measure.ts';

const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 1_000_000);
const SIZES = [REQUESTS / 10, REQUESTS];
const NOWHERE = 'nats://127.0.0.1:9';

interface Taken {
  seconds: number;
  bytes: number;
  mostMib: number;
}

/** Reads without keeping, and watches the server's memory. */
async function take(pid: number, read: () => Promise<number>): Promise<Taken> {
  let mostMib = memoryOf(pid);
  const watch = setInterval(() => (mostMib = Math.max(mostMib, memoryOf(pid))), 100);
  const began = performance.now();
  const bytes = await read();
  clearInterval(watch);
  return { seconds: (performance.now() - began) / 1000, bytes, mostMib };
}

async function readFile(url: string): Promise<number> {
  const answer = await fetch(url);
  let bytes = 0;
  for await (const chunk of answer.body!) bytes += (chunk as Uint8Array).byteLength;
  return bytes;
}

async function readPages(url: string): Promise<number> {
  let bytes = 0;
  let next: string | undefined = '/api/requests?limit=500';
  while (next !== undefined) {
    const answer: Response = await fetch(url + next);
    bytes += (await answer.arrayBuffer()).byteLength;
    next = /^<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return bytes;
}

const rows: (string | number)[][] = [
  ['', 'calls', 's', 'calls/s', 'of the pages', 'MB', 'API MiB at most'],
];
for (const size of SIZES) {
  const server = await startRedis({ args: ['--appendonly', 'no'] });
  const redis = new Redis(server.url);
  await fillHistory(redis, size);
  const env = { REDIS_URL: server.url, NATS_URL: NOWHERE, RATE_LIMIT: '0' };
  const api = await startService('api', env);
  const reads = {
    'page by page': () => readPages(api.url),
    '.csv': () => readFile(`${api.url}/api/export.csv`),
    '.json': () => readFile(`${api.url}/api/export.json`),
    '.ndjson': () => readFile(`${api.url}/api/export.ndjson`),
  };
  let baseline = 0;
  for (const [name, read] of Object.entries(reads)) {
    const { seconds, bytes, mostMib } = await take(api.pid, read);
    baseline ||= seconds;
    rows.push([
      ...[name, size, seconds.toFixed(1), Math.round(size / seconds)],
      ...[`× ${(baseline / seconds).toFixed(1)}`, (bytes / 1e6).toFixed(0), mostMib.toFixed(0)],
    ]);
  }
  await api.stop();
  redis.disconnect();
  await server.stop();
}
printTable(rows);

const rollups: (string | number)[][] = [['', 'rows', 's', 'rows/s', 'MB', 'API MiB at most']];
for (const size of SIZES) {
  const server = await startRedis({ args: ['--appendonly', 'no'] });
  const redis = new Redis(server.url);
  await fillRollups(redis, size);
  const env = { REDIS_URL: server.url, NATS_URL: NOWHERE, RATE_LIMIT: '0' };
  const api = await startService('api', env);
  for (const format of ['csv', 'ndjson']) {
    const url = `${api.url}/api/export/rollups.${format}?range=47h`;
    const { seconds, bytes, mostMib } = await take(api.pid, () => readFile(url));
    rollups.push([
      ...[`.${format}`, size, seconds.toFixed(1), Math.round(size / seconds)],
      ...[(bytes / 1e6).toFixed(0), mostMib.toFixed(0)],
    ]);
  }
  await api.stop();
  redis.disconnect();
  await server.stop();
}
printTable(rollups);
