// CPU of the web service for each frame that it sends to many dashboards, beside a server of plain `ws` that sends as many messages of the
// same size; in turn, in processes of their own, medians. The web service also follows the store and makes the frames.
import { connect } from '@nats-io/transport-node';

import { freePort } from '../helpers/free-port.ts';
import { createLoad, publishLoad } from '../helpers/load.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startNats } from '../helpers/start-nats.ts';
import { startProgram, type Program } from '../helpers/start-program.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { startService } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { cpuMs, median, printTable } from './measure.ts';

const CLIENTS = Number(process.env['BENCH_CLIENTS'] ?? 1000);
const EVENTS_PER_SECOND = Number(process.env['BENCH_EVENTS'] ?? 20);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 15);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const PROGRAMS = `${projectRoot()}/test/bench/programs`;

interface Counts {
  open: number;
  messages: number;
  bytes: number;
}

interface Result {
  messages: number;
  bytesEach: number;
  cpuUs: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function countsOf(listeners: Program): Counts {
  const line = listeners.output().trimEnd().split('\n').at(-1);
  return line ? (JSON.parse(line) as Counts) : { open: 0, messages: 0, bytes: 0 };
}

/** Opens the sockets, waits until all of them are there, and measures the server for some seconds. */
async function measure(pid: number, url: string, protocol: 'engine.io' | 'plain'): Promise<Result> {
  const listeners = startProgram(process.execPath, [
    `${PROGRAMS}/listeners.mjs`,
    url,
    String(CLIENTS),
    protocol,
  ]);
  try {
    await waitFor('all sockets', () => countsOf(listeners).open === CLIENTS, { timeoutMs: 60_000 });
    await pause(2000);
    const before = { ...countsOf(listeners), cpu: cpuMs(pid) };
    await pause(SECONDS * 1000);
    const after = { ...countsOf(listeners), cpu: cpuMs(pid) };
    const messages = after.messages - before.messages;
    return {
      messages,
      bytesEach: (after.bytes - before.bytes) / messages,
      cpuUs: ((after.cpu - before.cpu) * 1000) / messages,
    };
  } finally {
    await listeners.stop('SIGKILL');
  }
}

async function measurePlain(bytes: number, perSecond: number): Promise<Result> {
  const port = await freePort();
  const args = [`${PROGRAMS}/broadcast.mjs`, port, Math.round(bytes), perSecond].map(String);
  const server = startProgram(process.execPath, args);
  try {
    await waitFor('the plain server', () => server.output().includes('listening'));
    return await measure(server.pid, `ws://127.0.0.1:${port}`, 'plain');
  } finally {
    await server.stop('SIGKILL');
  }
}

const [nats, redisServer] = await Promise.all([startNats(), startRedis()]);
const env = { NATS_URL: nats.url, REDIS_URL: redisServer.url, MAX_SOCKETS_PER_ADDRESS: '5000' };
const collector = await startService('collector', env);
const web = await startService('web', env);
const connection = await connect({ servers: nats.url });
const runSeconds = ROUNDS * (2 * SECONDS + 30);
const load = createLoad({ seed: 7, calls: (EVENTS_PER_SECOND * runSeconds) / 2.5 });
let isOver = false;
const loading = publishLoad(connection, load.events, {
  perSecond: EVENTS_PER_SECOND,
}).catch((error: unknown) => {
  if (!isOver) throw error;
});
const socketUrl = `${web.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
const rounds: { ours: Result; plain: Result }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const ours = await measure(web.pid, socketUrl, 'engine.io');
  const plain = await measurePlain(ours.bytesEach, ours.messages / SECONDS / CLIENTS);
  rounds.push({ ours, plain });
}
const row = (name: string, pick: (round: (typeof rounds)[number]) => Result) => [
  name,
  ...[
    median(rounds.map((round) => pick(round).messages / SECONDS)),
    median(rounds.map((round) => pick(round).bytesEach)),
  ].map((value) => value.toFixed(0)),
  median(rounds.map((round) => pick(round).cpuUs)).toFixed(1),
];
printTable([
  [`${CLIENTS} sockets`, 'messages/s', 'bytes each', 'CPU µs a message'],
  row('plain ws', ({ plain }) => plain),
  row('web service', ({ ours }) => ours),
]);
const ratio = median(rounds.map(({ ours, plain }) => plain.cpuUs / ours.cpuUs));
process.stdout.write(`of plain ws: ${(100 * ratio).toFixed(0)} %; the goal: ≥ 70 %\n`);

isOver = true;
await connection.close();
await loading;
await Promise.all([web.stop(), collector.stop()]);
await Promise.all([nats.stop(), redisServer.stop()]);
