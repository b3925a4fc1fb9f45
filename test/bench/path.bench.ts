// What an event costs on the path of the program that makes a call: the time until it goes on, with everything else left for later.
// Beside a monitor that is disabled, block by block in turn; what is published is checked.
import { setTimeout as delay } from 'node:timers/promises';

import { createMonitor, type Monitor } from '@llm-monitor/client';
import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { ensureStream } from '@llm-monitor/runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

import { startNats } from '../helpers/start-nats.ts';
import { percentile, printTable } from './measure.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 40);
/** Calls one after the other; then the program rests, as one does that waits for a model, and the events are written. */
const CALLS = 50;
const REST_MS = 40;

/** µs that the program waited, an event. */
interface Waits {
  start: number[];
  firstToken: number[];
  end: number[];
}
type Kind = keyof Waits;
const KINDS: readonly Kind[] = ['start', 'firstToken', 'end'];

const noWaits = (): Waits => ({ start: [], firstToken: [], end: [] });

async function runBlock(monitor: Monitor, waits: Waits): Promise<void> {
  const us = (sinceMs: number) => (performance.now() - sinceMs) * 1000;
  for (let i = 0; i < CALLS; i++) {
    let returnedMs = 0;
    const beganMs = performance.now();
    await monitor.trackRequest({ model: 'llama3.2:3b', prompt: `Why ${i}?` }, (call) => {
      waits.start.push(us(beganMs));
      const tokenMs = performance.now();
      call.output('Because');
      waits.firstToken.push(us(tokenMs));
      call.finish({ inputTokens: 5, outputTokens: 1 });
      returnedMs = performance.now();
    });
    waits.end.push(us(returnedMs));
  }
  await delay(REST_MS);
}

const nats = await startNats();
const connection = await connect({ servers: nats.url });
const manager = await jetstreamManager(connection);
for (const definition of STREAM_DEFINITIONS) await ensureStream(manager, definition, 1);
const monitors = [true, false].map((disabled) =>
  createMonitor({ natsUrl: nats.url, app: 'bench-path', disabled }),
);
const measured = monitors.map(noWaits);
for (const monitor of monitors) await runBlock(monitor, noWaits());
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, monitor] of monitors.entries()) await runBlock(monitor, measured[i]!);
}
for (const monitor of monitors) await monitor.close();
const { state } = await manager.streams.info(STREAMS.requests);
const expected = (ROUNDS + 1) * CALLS * KINDS.length;
process.stdout.write(`${state.messages} of ${expected} events are on the bus\n`);
if (state.messages !== expected) throw new Error('not every event was published');

const [disabled, enabled] = measured as [Waits, Waits];
const all = (waits: Waits) => KINDS.flatMap((kind) => waits[kind]);
const row = (name: string, ours: number[], bare: number[]) => [
  name,
  ...[0.5, 0.99]
    .flatMap((q) => [percentile(bare, q), percentile(ours, q)])
    .map((x) => x.toFixed(2)),
  (percentile(ours, 0.5) - percentile(bare, 0.5)).toFixed(2),
];
printTable([
  ['an event, µs', 'disabled p50', 'p50', 'disabled p99', 'p99', 'added p50'],
  ...KINDS.map((kind) => row(kind, enabled[kind], disabled[kind])),
  row('all', all(enabled), all(disabled)),
]);
process.stdout.write('the goal: p50 ≤ 2 µs, p99 ≤ 30 µs an event\n');
await connection.close();
await nats.stop();
