// Measures small steps of what a client adds to a call: warm programs, thousands of calls each, block by block in turn, by several
// generations of processes, since two processes of one build differ by more than their blocks do.
import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { ensureStream } from '@llm-monitor/runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

import { startNats } from '../helpers/start-nats.ts';
import { median, percentile, printTable } from './measure.ts';
import {
  startCaller,
  type Block,
  type BlockOfCalls,
  type Caller,
  type Contender,
} from './start-caller.ts';

/** A program that is measured; the first of all is the bare client. */
export interface Lane {
  name: string;
  instrument: string;
  client?: (part: string) => string;
  /** By default each of its calls is three events. */
  isSilent?: boolean;
}

const GENERATIONS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const BLOCKS_EACH = 6;
const WARM_BLOCKS = 4;
const EVENTS_A_CALL = 3;

/** What one generation added, by lane and kind of block; of the bare client what it took. */
type Figures = Map<string, { p50: number; p99: number; cpu: number }[]>;

/** Measures the lanes with blocks of each kind, and prints what all but the first add. Fails when an event did not reach the bus. */
export async function raceSteps(
  lanes: readonly Lane[],
  kinds: readonly BlockOfCalls[],
  sdk: Contender['sdk'] = 'ollama',
): Promise<void> {
  const nats = await startNats();
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  for (const definition of STREAM_DEFINITIONS) await ensureStream(manager, definition, 1);
  const generations: Figures[] = [];
  for (let i = 0; i < GENERATIONS; i++) {
    generations.push(await runGeneration({ lanes, kinds, sdk }, i, nats.url));
  }
  const { state } = await manager.streams.info(STREAMS.requests);
  expectPublished(state.messages, lanes, kinds);
  report(lanes, kinds, generations);
  await connection.close();
  await nats.stop();
}

async function runGeneration(
  {
    lanes,
    kinds,
    sdk,
  }: { lanes: readonly Lane[]; kinds: readonly BlockOfCalls[]; sdk: Contender['sdk'] },
  generation: number,
  natsUrl: string,
): Promise<Figures> {
  const callers: Caller[] = [];
  for (const { instrument, client } of lanes) {
    const to = { serverUrl: 'http://127.0.0.1:1', natsUrl, ...(client ? { client } : {}) };
    callers.push(await startCaller({ sdk, instrument }, to));
  }
  const taken = lanes.map(() => kinds.map((): Block[] => []));
  for (let block = -WARM_BLOCKS; block < BLOCKS_EACH; block++) {
    for (const [k, kind] of kinds.entries()) {
      for (let i = 0; i < lanes.length; i++) {
        // Not always the same one behind the same other.
        const lane = (i + block + generation + lanes.length * WARM_BLOCKS) % lanes.length;
        const one = await callers[lane]!.ask<Block>(kind);
        if (block >= 0) taken[lane]![k]!.push(one);
      }
    }
  }
  for (const caller of callers) caller.stop();
  return new Map(lanes.map(({ name }, lane) => [name, kinds.map((_, k) => figures(lane, k))]));

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

/** What published nothing was not measured. */
function expectPublished(
  stored: number,
  lanes: readonly Lane[],
  kinds: readonly BlockOfCalls[],
): void {
  const calls = kinds.reduce((sum, kind) => sum + kind.calls, 0) * (WARM_BLOCKS + BLOCKS_EACH);
  const telling = lanes.slice(1).filter(({ isSilent }) => !isSilent).length;
  const expected = GENERATIONS * telling * calls * EVENTS_A_CALL;
  process.stdout.write(`${stored} of ${expected} events are on the bus\n`);
  if (stored !== expected) throw new Error('not every event was published once');
}

function report(
  lanes: readonly Lane[],
  kinds: readonly BlockOfCalls[],
  generations: readonly Figures[],
): void {
  const cell = (name: string, kind: number, key: 'p50' | 'p99' | 'cpu') => {
    const values = generations.map((one) => one.get(name)![kind]![key]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return `${median(values).toFixed(1)} (${low.toFixed(0)}–${high.toFixed(0)})`;
  };
  const rows = kinds.flatMap((block, kind) =>
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
}

function between({ restMs, restEvery }: BlockOfCalls): string {
  if (!restMs) return restMs === undefined ? 'nothing' : 'a turn';
  return restEvery ? `${restEvery} calls, ${restMs} ms` : `${restMs} ms`;
}
