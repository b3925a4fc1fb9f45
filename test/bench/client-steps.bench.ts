// What the drop-in adds to a call, so exactly that small steps are seen: warm programs, thousands of calls each, block by block in turn,
// by several generations of processes, since two processes of one build differ by more than their blocks do. One build runs twice,
// which shows what is noise. `--other FOLDER` compares with another build: the `packages/client/dist` of another checkout, or a copy of this one's beside it.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { ensureStream } from '@llm-monitor/runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

import { startNats } from '../helpers/start-nats.ts';
import { median, percentile, printTable } from './measure.ts';
import { startCaller, type Block, type BlockOfCalls, type Caller } from './start-caller.ts';

const GENERATIONS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const BLOCKS_EACH = 6;
const EVENTS_A_CALL = 3;
/**
 * Between calls the program goes round its loop, as any does that waits for an answer; the first kind does not, as `pnpm bench client`.
 * Before each call of the last kind it rests, so that code and caches are cold.
 */
const KINDS: readonly BlockOfCalls[] = [
  { chunks: 50, calls: 300, transport: 'memory' },
  { chunks: 2, calls: 600, transport: 'memory', restMs: 12, restEvery: 30 },
  { chunks: 50, calls: 300, transport: 'memory', restMs: 0 },
  { chunks: 200, calls: 120, transport: 'memory', restMs: 0 },
  { chunks: 2, calls: 15, transport: 'memory', restMs: 25 },
];
const between = ({ restMs, restEvery }: BlockOfCalls) => {
  if (!restMs) return restMs === undefined ? 'nothing' : 'a turn';
  return restEvery ? `${restEvery} calls, ${restMs} ms` : `${restMs} ms`;
};
const WARM_BLOCKS = 4;

interface Lane {
  name: string;
  instrument: 'bare' | 'drop-in';
  client?: (part: string) => string;
}

/** What one generation added, by lane and kind of block; of the bare client what it took. */
type Figures = Map<string, { p50: number; p99: number; cpu: number }[]>;

const { values: options } = parseArgs({ options: { other: { type: 'string' } } });
const other = options.other && resolve(options.other);
const lanes: Lane[] = [
  { name: 'bare', instrument: 'bare' },
  { name: 'this build', instrument: 'drop-in' },
  { name: 'this build again', instrument: 'drop-in' },
];
if (other !== undefined) {
  const client = (part: string) => pathToFileURL(`${other}${part}/index.js`).href;
  lanes.push({ name: 'the other', instrument: 'drop-in', client });
}

const nats = await startNats();
const connection = await connect({ servers: nats.url });
const manager = await jetstreamManager(connection);
for (const definition of STREAM_DEFINITIONS) await ensureStream(manager, definition, 1);

async function runGeneration(generation: number): Promise<Figures> {
  const callers: Caller[] = [];
  for (const { instrument, client } of lanes) {
    const to = {
      serverUrl: 'http://127.0.0.1:1',
      natsUrl: nats.url,
      ...(client ? { client } : {}),
    };
    callers.push(await startCaller({ sdk: 'ollama', instrument }, to));
  }
  const taken = lanes.map(() => KINDS.map((): Block[] => []));
  for (let block = -WARM_BLOCKS; block < BLOCKS_EACH; block++) {
    for (const [k, kind] of KINDS.entries()) {
      for (let i = 0; i < lanes.length; i++) {
        // Not always the same one behind the same other.
        const lane = (i + block + generation + lanes.length * WARM_BLOCKS) % lanes.length;
        const one = await callers[lane]!.ask<Block>(kind);
        if (block >= 0) taken[lane]![k]!.push(one);
      }
    }
  }
  for (const caller of callers) caller.stop();
  return new Map(lanes.map(({ name }, lane) => [name, KINDS.map((_, k) => figures(lane, k))]));

  function figures(lane: number, kind: number) {
    const [ours, bare] = [taken[lane]![kind]!, taken[0]![kind]!];
    const over = (measure: (block: Block) => number) =>
      median(ours.map((one, at) => measure(one) - (lane === 0 ? 0 : measure(bare[at]!))));
    return {
      p50: over(({ wallUs }) => percentile(wallUs, 0.5)),
      p99: over(({ wallUs }) => percentile(wallUs, 0.99)),
      // The least: whatever else the machine does only adds to it.
      cpu: least(ours) - (lane === 0 ? 0 : least(bare)),
    };
  }
}

const least = (blocks: readonly Block[]) => Math.min(...blocks.map(({ cpuUs }) => cpuUs));

async function expectPublished(): Promise<void> {
  const calls = KINDS.reduce((sum, kind) => sum + kind.calls, 0) * (WARM_BLOCKS + BLOCKS_EACH);
  const expected = GENERATIONS * (lanes.length - 1) * calls * EVENTS_A_CALL;
  const { state } = await manager.streams.info(STREAMS.requests);
  process.stdout.write(`${state.messages} of ${expected} events are on the bus\n`);
  if (state.messages !== expected) throw new Error('not every event was published once');
}

const generations: Figures[] = [];
for (let i = 0; i < GENERATIONS; i++) generations.push(await runGeneration(i));
await expectPublished();
const cell = (name: string, kind: number, key: 'p50' | 'p99' | 'cpu') => {
  const values = generations.map((one) => one.get(name)![kind]![key]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(1)} (${least.toFixed(0)}–${most.toFixed(0)})`;
};
const rows = KINDS.flatMap((block, kind) =>
  lanes.map(({ name }) => [
    name,
    block.chunks,
    between(block),
    ...(['p50', 'cpu', 'p99'] as const).map((key) => cell(name, kind, key)),
  ]),
);
process.stdout.write(
  `bare: µs a call; the others: added. Median of ${GENERATIONS} generations (least–most)\n`,
);
printTable([['', 'chunks', 'between', 'p50 µs', 'CPU µs', 'p99 µs'], ...rows]);
await connection.close();
await nats.stop();
process.exit(0);
