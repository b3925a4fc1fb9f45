// Runs the same model calls through several instrumentations, each in a process of its own, block by block in turn, beside the bare
// client. Wall time is taken against a server in the process, since HTTP's noise is larger than what is measured; CPU time both ways.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { ensureStream } from '@llm-monitor/runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

import { startNats } from '../helpers/start-nats.ts';
import { median, percentile, printTable } from './measure.ts';
import { PEERS, startCaller, type Block, type Caller, type Contender } from './start-caller.ts';

interface Memory {
  heapMb: number;
  rssMb: number;
}

/** What one contender's calls of one size took, block by block; the same index is the same round. */
interface Lane {
  memory: Block[];
  http: Block[];
}

interface Runner extends Caller {
  contender: Contender;
  lanes: Map<number, Lane>;
}

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 12);
const CALLS = 150;
const HTTP_CALLS = 60;
const CHUNKS = [50, 200] as const;

const OURS = new Set(['drop-in', 'fetch', 'register']);

/** Measures `contenders` of one SDK, of which the first is the bare one, and prints what each of the others adds. */
export async function raceCalls(contenders: readonly Contender[]): Promise<void> {
  const nats = await startNats();
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  for (const definition of STREAM_DEFINITIONS) await ensureStream(manager, definition, 1);
  const server = fork(`${PEERS}/server.mjs`);
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  const serverUrl = `http://127.0.0.1:${port}`;
  const runners: Runner[] = [];
  for (const contender of contenders) {
    const caller = await startCaller(contender, { serverUrl, natsUrl: nats.url });
    runners.push({ ...caller, contender, lanes: new Map() });
  }
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const chunks of CHUNKS) await runRound(runners, chunks, round >= 0);
  }
  await expectPublished(contenders, server, async () => {
    const { state } = await manager.streams.info(STREAMS.requests);
    return state.messages;
  });
  await report(runners);
  for (const runner of runners) runner.stop();
  server.disconnect();
  await connection.close();
  await nats.stop();
}

async function runRound(
  runners: readonly Runner[],
  chunks: number,
  isCounted: boolean,
): Promise<void> {
  for (const transport of ['memory', 'http'] as const) {
    const calls = transport === 'memory' ? CALLS : HTTP_CALLS;
    for (const { ask, lanes } of runners) {
      const block = await ask<Block>({ chunks, calls, transport });
      if (!lanes.has(chunks)) lanes.set(chunks, { memory: [], http: [] });
      if (isCounted) lanes.get(chunks)?.[transport].push(block);
    }
  }
}

/** An instrumentation that published nothing was not measured. */
async function expectPublished(
  contenders: readonly Contender[],
  server: ChildProcess,
  published: () => Promise<number>,
): Promise<void> {
  const answered = once(server, 'message');
  server.send('exported?');
  const [{ exported }] = (await answered) as [{ exported: Record<string, number> }];
  const silent = contenders
    .map(({ instrument }) => instrument)
    .filter((name) => name !== 'bare' && !OURS.has(name) && !exported[name]);
  if (silent.length > 0) throw new Error(`nothing was exported by ${silent.join(', ')}`);
  const ours = contenders.filter(({ instrument }) => OURS.has(instrument)).length;
  const expected = ours * CHUNKS.length * (ROUNDS + 1) * (CALLS + HTTP_CALLS) * 3;
  const stored = await published();
  process.stdout.write(`${stored} of ${expected} events of ours are on the bus\n`);
  if (stored < expected) throw new Error('not every call of ours was published');
}

async function report(runners: readonly Runner[]): Promise<void> {
  const [bare] = runners;
  if (!bare) return;
  const bareMemory = await bare.ask<Memory>({});
  const rows: (string | number)[][] = [
    ['added to', 'chunks', 'p50 µs', 'p99 µs', 'CPU µs', 'CPU µs (HTTP)'],
  ];
  const perChunk: (string | number)[][] = [
    ['a chunk; memory', 'wall µs', 'CPU µs', 'heap MB', 'RSS MB'],
  ];
  for (const chunks of CHUNKS) rows.push(baseRow(bare, chunks));
  for (const runner of runners.slice(1)) {
    const added = CHUNKS.map((chunks) => addedBy(runner, bare, chunks));
    for (const [i, chunks] of CHUNKS.entries()) {
      const { p50, p99, cpu, httpCpu } = added[i]!;
      const cells = [p50, p99, cpu, httpCpu].map((value) => value.toFixed(0));
      rows.push([runner.contender.instrument, chunks, ...cells]);
    }
    const [few, many] = [added[0]!, added[1]!];
    const slope = (key: 'p50' | 'cpu') => (many[key] - few[key]) / (CHUNKS[1] - CHUNKS[0]);
    const memory = await runner.ask<Memory>({});
    perChunk.push([
      runner.contender.instrument,
      slope('p50').toFixed(2),
      slope('cpu').toFixed(2),
      (memory.heapMb - bareMemory.heapMb).toFixed(1),
      (memory.rssMb - bareMemory.rssMb).toFixed(0),
    ]);
  }
  printTable(rows);
  process.stdout.write('\n');
  printTable(perChunk);
  printRatios(runners, bare);
}

/** The share of ours in what the best of the others adds. */
function printRatios(runners: readonly Runner[], bare: Runner): void {
  const others = runners.filter((one) => one !== bare && !OURS.has(one.contender.instrument));
  if (others.length === 0) return;
  for (const chunks of CHUNKS) {
    const best = (key: 'p50' | 'cpu') =>
      Math.min(...others.map((other) => addedBy(other, bare, chunks)[key]));
    for (const runner of runners.filter((one) => OURS.has(one.contender.instrument))) {
      const { p50, cpu } = addedBy(runner, bare, chunks);
      const share = (value: number, of: number) => `${((100 * value) / of).toFixed(0)} %`;
      process.stdout.write(
        `${runner.contender.instrument}, ${chunks} chunks: ${share(p50, best('p50'))} of the best other's wall time, ` +
          `${share(cpu, best('cpu'))} of its CPU\n`,
      );
    }
  }
}

function baseRow(bare: Runner, chunks: number): (string | number)[] {
  const { memory, http } = bare.lanes.get(chunks)!;
  const wall = (q: number) => median(memory.map(({ wallUs }) => percentile(wallUs, q)));
  const cells = [wall(0.5), wall(0.99), cpuOf(memory), cpuOf(http)];
  const name = `${bare.contender.sdk} alone`;
  return [name, chunks, ...cells.map((value) => value.toFixed(0))];
}

const cpuOf = (blocks: readonly Block[]) => median(blocks.map(({ cpuUs }) => cpuUs));

/** The median over the rounds of what a contender took more than the bare client in the same round. */
function addedBy(runner: Runner, bare: Runner, chunks: number) {
  const [ours, theirs] = [runner.lanes.get(chunks)!, bare.lanes.get(chunks)!];
  const over = (way: 'memory' | 'http', measure: (block: Block) => number) =>
    median(ours[way].map((block, round) => measure(block) - measure(theirs[way][round]!)));
  return {
    p50: over('memory', ({ wallUs }) => percentile(wallUs, 0.5)),
    p99: over('memory', ({ wallUs }) => percentile(wallUs, 0.99)),
    cpu: over('memory', ({ cpuUs }) => cpuUs),
    httpCpu: over('http', ({ cpuUs }) => cpuUs),
  };
}
