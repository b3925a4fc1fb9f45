// Time from publishing an event to its op in a browser's socket, beside the time to a bare NATS subscriber in the same run,
// at a low rate and under load.
import { callKey, type Frame, type LiveOp } from '@llm-monitor/contracts/live';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { io, type Socket } from 'socket.io-client';

import { aCall } from '../helpers/an-event.ts';
import { createLoad, publishLoad } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { startNats } from '../helpers/start-nats.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { startService } from '../helpers/start-service.ts';
import { percentile, printTable } from './measure.ts';

const SAMPLES = Number(process.env['BENCH_SAMPLES'] ?? 100);
const SAMPLE_EVERY_MS = 130;
const WARM_UP = 20;

interface Latencies {
  bus: number[];
  socket: number[];
}

/** Publishes lone calls and notes when each arrives where. */
async function sample(connection: NatsConnection, socket: Socket): Promise<Latencies> {
  const sentAt = new Map<string, number>();
  const latencies: Latencies = { bus: [], socket: [] };
  let open = SAMPLES;
  const subscription = connection.subscribe('llm.request.started.bench.*', {
    callback: (_, message) => {
      const began = sentAt.get(message.json<{ data: { requestId: string } }>().data.requestId);
      if (began !== undefined) latencies.bus.push(performance.now() - began);
    },
  });
  const arrived = new Promise<void>((resolve) => {
    socket.on('frame', ({ ops }: Frame) => {
      for (const op of ops.filter(
        (one): one is Extract<LiveOp, readonly ['start', unknown]> => one[0] === 'start',
      )) {
        const began = sentAt.get(callKey(op[1]));
        if (began === undefined) continue;
        latencies.socket.push(performance.now() - began);
        open -= 1;
        if (open === 0) resolve();
      }
    });
  });
  for (let i = 0; i < SAMPLES; i++) {
    const call = aCall({ app: 'bench' });
    sentAt.set(call.id, performance.now());
    sentAt.set(callKey({ id: call.id, app: 'bench' }), performance.now());
    void publish(connection, [call.started()]);
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS));
  }
  await arrived;
  socket.off('frame');
  subscription.unsubscribe();
  return { bus: latencies.bus.slice(WARM_UP), socket: latencies.socket.slice(WARM_UP) };
}

const [nats, redisServer] = await Promise.all([startNats(), startRedis()]);
const env = { NATS_URL: nats.url, REDIS_URL: redisServer.url };
const collector = await startService('collector', env);
const web = await startService('web', env);
const connection = await connect({ servers: nats.url });
const socket = io(web.url, { transports: ['websocket'] });
await new Promise<void>((resolve) => {
  socket.once('snapshot', () => resolve());
});

const rows: (string | number)[][] = [
  ['events/s beside', 'bus p50', 'bus p99', 'socket p50', 'socket p99', 'p50 ratio'],
];
for (const perSecond of [0, 2000]) {
  const load = createLoad({
    seed: perSecond,
    calls: (perSecond * SAMPLES * SAMPLE_EVERY_MS) / 2500,
  });
  const loading = publishLoad(connection, load.events, { perSecond });
  const { bus, socket: seen } = await sample(connection, socket);
  await loading;
  const ms = (values: number[], q: number) => percentile(values, q).toFixed(1);
  const ratio = percentile(seen, 0.5) / percentile(bus, 0.5);
  rows.push([
    perSecond,
    ms(bus, 0.5),
    ms(bus, 0.99),
    ms(seen, 0.5),
    ms(seen, 0.99),
    `× ${ratio.toFixed(1)}`,
  ]);
}
printTable(rows);
process.stdout.write('times in ms; the goal: p50 ≤ 5 at a low rate, p99 ≤ 60 at 2,000 events/s\n');

socket.disconnect();
await Promise.all([web.stop(), collector.stop()]);
await connection.close();
await Promise.all([nats.stop(), redisServer.stop()]);
