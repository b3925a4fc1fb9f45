// Where the time of a collected event goes: each stage by itself, in this process, as CPU time an event; JSON.parse of the same bodies
// is the baseline. Medians of several rounds over the same events, in batches as a collector takes them.
import { batchArguments } from '@llm-monitor/collector/batch-arguments';
import { foldBatch } from '@llm-monitor/collector/fold';
import { parseEvent, type RequestEvent } from '@llm-monitor/collector/parse-event';
import { createRequestStore } from '@llm-monitor/collector/request-store';
import { createKeys } from '@llm-monitor/contracts/redis';
import { Redis } from 'ioredis';

import { createLoad } from '../helpers/load.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { cpuMs, median, printTable } from './measure.ts';

const CALLS = Number(process.env['BENCH_CALLS'] ?? 20_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);
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

const encoder = new TextEncoder();
const messages = createLoad({ seed: 1, calls: CALLS }).events.map(({ subject, event }) => {
  const text = JSON.stringify(event);
  const timeMs = Date.parse(event.time);
  return { subject, text, body: encoder.encode(text), sentAt: event.time, brokerTimeMs: timeMs };
});
const server = await startRedis();
const redis = new Redis(server.url);
const keys = createKeys({ shards: 1 });
const store = createRequestStore(redis, keys, OPTIONS);

const microseconds = new Map<string, number[]>();
function note(stage: string, ms: number): void {
  const list = microseconds.get(stage) ?? [];
  list.push((ms * 1000) / messages.length);
  microseconds.set(stage, list);
}
const usedMs = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
function stage<T>(name: string, work: () => T): T {
  const before = process.cpuUsage();
  const result = work();
  note(name, usedMs(before));
  return result;
}

for (let round = 0; round < ROUNDS; round++) {
  stage('JSON.parse alone', () => messages.forEach(({ text }) => void JSON.parse(text)));
  const events = stage('decode, parse, validate', () =>
    messages.map((message) => parseEvent(message) as RequestEvent),
  );
  const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, i) =>
    events.slice(i * BATCH, (i + 1) * BATCH),
  );
  const changes = stage('fold', () => batches.map((batch) => foldBatch(batch, new Map())));
  const args = stage('arguments of the script', () =>
    changes.map((change) => batchArguments(keys.shard(0), change, OPTIONS)),
  );
  await redis.flushall();
  const redisBefore = cpuMs(server.pid());
  const before = process.cpuUsage();
  for (const batch of batches) await store.apply(() => batch);
  const own = usedMs(before);
  const known = ['fold', 'arguments of the script']
    .map((name) => microseconds.get(name)?.at(-1) ?? 0)
    .reduce((sum, us) => sum + us, 0);
  note('send it and read the answer', own - (known * messages.length) / 1000);
  note('Redis: the script', cpuMs(server.pid()) - redisBefore);
  if (round > 0 || args.length === 0) continue;
  const bytes = args.reduce((sum, one) => sum + one.args[0].length, 0);
  process.stdout.write(
    `${messages.length} events in batches of ${BATCH}, ${(bytes / messages.length).toFixed(0)} bytes an event\n`,
  );
}
redis.disconnect();
await server.stop();

const baseline = median(microseconds.get('JSON.parse alone') ?? []);
printTable([
  ['stage', 'CPU µs an event', 'of JSON.parse'],
  ...[...microseconds].map(([name, values]) => [
    name,
    median(values).toFixed(2),
    `× ${(median(values) / baseline).toFixed(1)}`,
  ]),
]);
process.stdout.write(
  'What is left of a collector’s time (see the benchmark “collect”) is NATS’s: reading messages and headers, and acks.\n',
);
