// What the agent's proxy adds to a call and to a streamed chunk, beside the least that a proxy in Node can do, in the same run and
// turn by turn. Both pass on to the same server; `direct` is a call past both.
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { ensureStream } from '@llm-monitor/runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

import { freePort } from '../helpers/free-port.ts';
import { startNats } from '../helpers/start-nats.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startProxy } from '../helpers/start-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { cpuMs, median, percentile, printTable } from './measure.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 12);
const CALLS = { 1: 150, 200: 15 } as const;
const BODY = JSON.stringify({ model: 'm:1', messages: [{ role: 'user', content: 'Why?' }] });
const message = { model: 'm:1', message: { role: 'assistant', content: 'word ' }, done: false };
const LINE = Buffer.from(`${JSON.stringify(message)}\n`);
const LAST = Buffer.from(`${JSON.stringify({ ...message, done: true, eval_count: 9 })}\n`);

/** Streams as many lines as the path says, each in a turn of its own, so that each becomes a chunk. */
function startServer() {
  return createServer((incoming, response) => {
    incoming.resume();
    let left = Number(new URL(incoming.url ?? '', 'http://h').searchParams.get('chunks')) - 1;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const next = () => {
      if (left-- <= 0) return void response.end(LAST);
      response.write(LINE);
      setImmediate(next);
    };
    incoming.once('end', next);
  });
}

type Way = { name: string; url: string; agent: Agent; pid: number | undefined };

function call({ url, agent }: Way, chunks: number): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': BODY.length };
    const options = { method: 'POST', agent, headers };
    const sent = request(`${url}/api/chat?chunks=${chunks}`, options, (answer) => {
      answer.resume();
      answer.once('end', () => resolve((performance.now() - began) * 1000));
    });
    sent.once('error', reject);
    sent.end(BODY);
  });
}

interface Block {
  wallUs: number[];
  /** CPU time of the proxy, µs a call. */
  cpuUs: number;
}

async function runBlock(way: Way, chunks: keyof typeof CALLS): Promise<Block> {
  const before = way.pid === undefined ? 0 : cpuMs(way.pid);
  const wallUs: number[] = [];
  for (let i = 0; i < CALLS[chunks]; i += 1) wallUs.push(await call(way, chunks));
  const after = way.pid === undefined ? 0 : cpuMs(way.pid);
  return { wallUs, cpuUs: ((after - before) * 1000) / CALLS[chunks] };
}

const server = startServer().listen(await freePort(), '127.0.0.1');
await once(server, 'listening');
const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const nats = await startNats();
// As a collector makes them: where nothing is acknowledged, nothing is sent but the first events, again and again.
const bus = await connect({ servers: nats.url });
const manager = await jetstreamManager(bus);
for (const definition of STREAM_DEFINITIONS) await ensureStream(manager, definition, 1);
const ours = await startProxy(upstream, { NATS_URL: nats.url, SAMPLE_INTERVAL_MS: '60000' });
const port = await freePort();
const leastFile = fileURLToPath(new URL('./pass-through.js', import.meta.url));
const least = startProgram(process.execPath, [leastFile, String(port), upstream]);
const way = (name: string, url: string, pid?: number): Way => ({
  ...{ name, url, pid },
  agent: new Agent({ keepAlive: true, maxSockets: 1 }),
});
const ways = [
  way('direct', upstream),
  way('least proxy', `http://127.0.0.1:${port}`, least.pid),
  way('agent', ours.url, ours.agent.pid),
];
await waitFor('the least proxy', () => call(ways[1]!, 1).catch(() => undefined));

const blocks = ways.map(() => ({ 1: [] as Block[], 200: [] as Block[] }));
for (let round = -1; round < ROUNDS; round += 1) {
  for (const chunks of [1, 200] as const) {
    for (const [i, one] of ways.entries()) {
      const block = await runBlock(one, chunks);
      if (round >= 0) blocks[i]![chunks].push(block);
    }
  }
}

const wall = (way: number, chunks: keyof typeof CALLS, q: number) =>
  percentile(
    blocks[way]![chunks].flatMap((block) => block.wallUs),
    q,
  );
const cpu = (way: number, chunks: keyof typeof CALLS) =>
  median(blocks[way]![chunks].map((block) => block.cpuUs));
const rows: (string | number)[][] = [
  ['', 'call p50 µs', 'p99', '200 chunks p50', 'p99', 'chunk p50 µs', 'CPU a call', 'CPU a chunk'],
];
const perChunk = (of: number) => (wall(of, 200, 0.5) - wall(of, 1, 0.5)) / 199;
const cpuChunk = (of: number) => (cpu(of, 200) - cpu(of, 1)) / 199;
for (const [i, { name }] of ways.entries()) {
  const walls = [wall(i, 1, 0.5), wall(i, 1, 0.99), wall(i, 200, 0.5), wall(i, 200, 0.99)];
  const cells = [...walls.map((us) => us.toFixed(0)), perChunk(i).toFixed(1)];
  rows.push([name, ...cells, cpu(i, 1).toFixed(0), cpuChunk(i).toFixed(1)]);
}
const ratio = (a: number, b: number) => `× ${(a / b).toFixed(2)}`;
rows.push([
  'agent / least',
  ...(
    [
      [1, 0.5],
      [1, 0.99],
      [200, 0.5],
      [200, 0.99],
    ] as const
  ).map(([chunks, q]) => ratio(wall(2, chunks, q), wall(1, chunks, q))),
  ratio(perChunk(2), perChunk(1)),
  ratio(cpu(2, 1), cpu(1, 1)),
  ratio(cpuChunk(2), cpuChunk(1)),
]);
printTable(rows);
process.stdout.write('goal: × 1.30 of the least proxy, a call and a chunk\n');
await Promise.all([ours.agent.stop(), least.stop()]);
const { state } = await manager.streams.info(STREAMS.requests);
const calls = (ROUNDS + 1) * (CALLS[1] + CALLS[200]);
process.stdout.write(`events stored: ${state.messages} of ${3 * calls}\n`);
await bus.close();
await nats.stop();
process.exit(0);
