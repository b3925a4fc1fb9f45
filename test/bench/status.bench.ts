// How many `GET /api/status` a second the API answers, and the CPU time of each, beside a bare Node server that sends the same bytes, head
// and body: turn by turn, by sockets that send nothing but the request, so that who asks costs next to nothing.
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

import { freePort } from '../helpers/free-port.ts';
import { askHttp } from '../helpers/http-ask.ts';
import { startNats } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startRedis } from '../helpers/start-redis.ts';
import { startService } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { cpuMs, median, printTable } from './measure.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 9);
const BLOCK_MS = 2000;
const SOCKETS = 32;

interface Server {
  name: string;
  port: number;
  pid: number;
}

interface Block {
  perSecond: number;
  cpuUs: number;
}

/** Asks again as soon as an answer is there, until told to stop. */
function askOn(port: number, answerBytes: number, onAnswer: () => boolean): Promise<void> {
  const head = `GET /api/status HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(head));
    let got = 0;
    socket.setNoDelay(true);
    socket.on('data', (part) => {
      got += part.length;
      if (got < answerBytes) return;
      got = 0;
      if (onAnswer()) socket.write(head);
      else socket.end();
    });
    socket.once('close', () => resolve());
    socket.once('error', reject);
  });
}

/** Length of one answer with its head, which must be the same each time. */
function lengthOf(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let length = 0;
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `GET /api/status HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\nGET /api/status HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
      ),
    );
    let text = '';
    socket.on('data', (part) => (text += part.toString('latin1')));
    socket.once('error', reject);
    socket.once('close', () => {
      length = text.indexOf('HTTP/1.1 200', 1);
      if (length < 0) reject(new Error(`answered ${text.slice(0, 200)}`));
      else resolve(length);
    });
  });
}

async function runBlock({ port, pid }: Server): Promise<Block> {
  const bytes = await lengthOf(port);
  const [cpuBefore, began] = [cpuMs(pid), performance.now()];
  let answers = 0;
  const goOn = () => {
    answers += 1;
    return performance.now() - began < BLOCK_MS;
  };
  await Promise.all(Array.from({ length: SOCKETS }, () => askOn(port, bytes, goOn)));
  const tookMs = performance.now() - began;
  return {
    perSecond: (answers * 1000) / tookMs,
    cpuUs: ((cpuMs(pid) - cpuBefore) * 1000) / answers,
  };
}

const [nats, redis] = await Promise.all([startNats(), startRedis()]);
const env = { NATS_URL: nats.url, REDIS_URL: redis.url, RATE_LIMIT: '0' };
const limited = { ...env, RATE_LIMIT: '100000000' };
const api = await startService('api', env, { until: 'ready' });
const apiLimited = await startService('api', limited, { until: 'ready' });
const answer = await fetch(`${api.url}/api/status`);
const [body, head] = [await answer.text(), Object.fromEntries(answer.headers)];
// Node adds these by itself, as it does to those of the API.
for (const name of ['date', 'connection', 'keep-alive']) delete head[name];
const barePort = await freePort();
const bare = startProgram(process.execPath, [
  fileURLToPath(new URL('../../bench/programs/bare-server.mjs', import.meta.url)),
  ...[String(barePort), body, JSON.stringify(head)],
]);
await waitFor(
  'the bare server',
  async () => (await askHttp(`http://127.0.0.1:${barePort}`)).status === 200,
);
const servers: Server[] = [
  { name: 'bare node', port: barePort, pid: bare.pid },
  { name: 'API', port: Number(new URL(api.url).port), pid: api.pid },
  {
    name: 'API with its rate limit',
    port: Number(new URL(apiLimited.url).port),
    pid: apiLimited.pid,
  },
];
const blocks = servers.map(() => [] as Block[]);
for (let round = -1; round < ROUNDS; round += 1) {
  for (const [at, server] of servers.entries()) {
    const block = await runBlock(server);
    if (round >= 0) blocks[at]?.push(block);
  }
}
const share = (at: number, ratio: (own: Block, bareOne: Block) => number) =>
  `${(100 * median(blocks[at]!.map((own, round) => ratio(own, blocks[0]![round]!)))).toFixed(0)} %`;
printTable([
  ['GET /api/status', 'answers/s', 'of bare', 'CPU µs', 'bare of it'],
  ...servers.map(({ name }, at) => [
    name,
    median(blocks[at]!.map(({ perSecond }) => perSecond)).toFixed(0),
    share(at, (own, bareOne) => own.perSecond / bareOne.perSecond),
    median(blocks[at]!.map(({ cpuUs }) => cpuUs)).toFixed(1),
    share(at, (own, bareOne) => bareOne.cpuUs / own.cpuUs),
  ]),
]);
process.stdout.write('goal: ≥ 90 % of bare\n');
await Promise.all([api, apiLimited].map((service) => service.stop()));
await Promise.all([bare.stop(), nats.stop(), redis.stop()]);
process.exit(0);
