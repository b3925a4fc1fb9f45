// Events a second from the stream into Redis, by one and by two collectors, beside a bare JetStream consumer that only acks.
// Every round runs all of them in turn on the same stored events; the ratios are what counts.
import { CONSUMERS, STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import { ensureStream } from '@llm-monitor/runtime';
import {
  AckPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';

import { createLoad } from '../helpers/load.ts';
import { readStore } from '../helpers/read-store.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { cpuMs, median, printTable } from './measure.ts';
import { spread } from './spread.ts';

const CALLS = Number(process.env['BENCH_CALLS'] ?? 40_000);
/** 0: the events of a call come one after the other, so that a batch folds them into one change. */
const CALLS_APART = Number(process.env['BENCH_CALLS_APART'] ?? 3000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);

interface Result {
  perSecond: number;
  /** CPU time an event, µs. */
  collectorUs: number;
  natsUs: number;
  redisUs: number;
  /** Events that one call of the script applied, on average. */
  batch: number;
}

interface Bench {
  nats: NatsServer;
  redisServer: RedisServer;
  redis: Redis;
  connection: NatsConnection;
  manager: JetStreamManager;
  events: number;
  calls: number;
}

async function prepare(): Promise<Bench> {
  const [nats, redisServer] = await Promise.all([startNats(), startRedis()]);
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  for (const definition of STREAM_DEFINITIONS) await ensureStream(manager, definition, 1);
  const load = createLoad({ seed: 1, calls: CALLS });
  for (const [i, { subject, event }] of spread(load.events, CALLS_APART).entries()) {
    const given = headers();
    given.set(SENT_AT_HEADER, event.time);
    connection.publish(subject, JSON.stringify(event), { headers: given });
    if (i % 2000 === 0) await connection.flush();
  }
  await connection.flush();
  await waitFor('the stream to hold all events', async () => {
    const { state } = await manager.streams.info(STREAMS.requests);
    return state.messages === load.events.length;
  });
  const redis = new Redis(redisServer.url);
  const [events, calls] = [load.events.length, load.truth.started];
  return { nats, redisServer, redis, connection, manager, events, calls };
}

/** The ceiling: take every message, look at nothing, ack in groups. */
async function consumeBare(bench: Bench): Promise<number> {
  await bench.manager.consumers.add(STREAMS.requests, {
    durable_name: 'bare',
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 20_000,
  });
  const consumer = await jetstream(bench.connection).consumers.get(STREAMS.requests, 'bare');
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    let held: JsMsg[] = [];
    let seen = 0;
    const ack = () => {
      for (const message of held) message.ack();
      held = [];
      if (seen === bench.events) resolve();
    };
    consumer
      .consume({
        max_messages: 2000,
        callback: (message) => {
          seen += 1;
          if (held.push(message) === 1) setImmediate(ack);
        },
      })
      .catch(reject);
  });
  await bench.connection.flush();
  const perSecond = (bench.events * 1000) / (performance.now() - began);
  await bench.manager.consumers.delete(STREAMS.requests, 'bare');
  return perSecond;
}

async function collect(bench: Bench, collectors: number): Promise<Result> {
  await bench.redis.flushall();
  await bench.redis.config('RESETSTAT');
  await bench.manager.consumers.delete(STREAMS.requests, CONSUMERS.requests).catch(() => undefined);
  const pids = () => [bench.nats.pid(), bench.redisServer.pid()];
  // The consumer must not run ahead while the second one starts: both start, then the clock does, at the first ack.
  const serverCpu = pids().map(cpuMs);
  const running = await Promise.all(
    Array.from({ length: collectors }, () =>
      startService('collector', { NATS_URL: bench.nats.url, REDIS_URL: bench.redisServer.url }),
    ),
  );
  const floor = async () =>
    (await bench.manager.consumers.info(STREAMS.requests, CONSUMERS.requests)).ack_floor.stream_seq;
  const startCpu = running.map(({ pid }) => cpuMs(pid));
  const began = performance.now();
  const at = await floor();
  await waitFor('all events', async () => (await floor()) === bench.events, {
    everyMs: 20,
    timeoutMs: 120_000,
  });
  const seconds = (performance.now() - began) / 1000;
  const counted = bench.events - at;
  const collectorMs = running.reduce((sum, { pid }, i) => sum + cpuMs(pid) - startCpu[i]!, 0);
  const [natsMs, redisMs] = pids().map((pid, i) => cpuMs(pid) - serverCpu[i]!);
  const { totals } = await readStore(bench.redis);
  if (totals.started !== bench.calls) throw new Error(`${totals.started} calls of ${bench.calls}`);
  const stats = await bench.redis.info('commandstats');
  const scripts = Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  await Promise.all(running.map((collector) => collector.stop()));
  return {
    batch: bench.events / scripts,
    perSecond: counted / seconds,
    collectorUs: (collectorMs * 1000) / counted,
    natsUs: (natsMs! * 1000) / bench.events,
    redisUs: (redisMs! * 1000) / bench.events,
  };
}

const bench = await prepare();
process.stdout.write(`${bench.events} events of ${bench.calls} calls, ${ROUNDS} rounds, medians\n`);
const bare: number[] = [];
const one: Result[] = [];
const two: Result[] = [];
for (let round = 0; round < ROUNDS; round++) {
  bare.push(await consumeBare(bench));
  one.push(await collect(bench, 1));
  two.push(await collect(bench, 2));
}
const of = (results: Result[], field: keyof Result) =>
  median(results.map((result) => result[field]));
const baseline = median(bare);
const row = (name: string, results: Result[]) => [
  name,
  Math.round(of(results, 'perSecond')),
  `${((of(results, 'perSecond') / baseline) * 100).toFixed(0)} %`,
  ...(['collectorUs', 'natsUs', 'redisUs'] as const).map((field) => of(results, field).toFixed(1)),
  Math.round(of(results, 'batch')),
];
printTable([
  ['', 'events/s', 'of bare', 'collector µs', 'NATS µs', 'Redis µs', 'events a batch'],
  ['bare JetStream consumer', Math.round(baseline), '100 %', '', '', '', ''],
  row('one collector', one),
  row('two collectors', two),
]);
const ratio = of(two, 'collectorUs') / of(one, 'collectorUs');
process.stdout.write(`CPU an event, two collectors against one: × ${ratio.toFixed(2)}\n`);
bench.redis.disconnect();
await bench.connection.close();
await Promise.all([bench.nats.stop(), bench.redisServer.stop()]);
