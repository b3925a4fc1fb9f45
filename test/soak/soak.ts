// The whole stack under a steady load, for long: does its memory stay, are its counts exact every minute, do dashboards get their
// frames? Started by scripts/soak.mjs, which builds first.
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { Pipeline, Status } from '@llm-monitor/contracts/rest';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';

import { formatTable } from '../bench/measure.ts';
import { startAgent } from '../helpers/start-agent.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startStack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { readLiveHeap, WITH_INSPECTOR } from '../helpers/live-heap.ts';
import { watchMemory } from './memory-watch.ts';
import { startSteadyLoad, type SteadyTruth } from './steady-load.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '2000' },
    dashboards: { type: 'string', default: '50' },
    /** What the history keeps, so that Redis comes to a plateau too. */
    'max-requests': { type: 'string', default: '100000' },
    /** A file that gets all that is said, too. */
    result: { type: 'string' },
  },
});
const MINUTES = Number(values.minutes);
const RATE = Number(values.rate);
const DASHBOARDS = Number(values.dashboards);
/** The history fills, buffers grow to their size, code is compiled: what memory does then says nothing. */
const WARM_UP_SECONDS = Math.min(480, MINUTES * 20);
const READ_EVERY_MS = 2000;
/** A process that grows by less in an hour does not leak, as far as so short a time can tell. */
const FLAT_MIB_PER_HOUR = 20;
/** A node of NATS keeps for as long as the stream does where in its files each event is. */
const MOST_BYTES_OF_AN_EVENT = 16;
/** Redis keeps the phase bits of each call for as long as the stream could bring its events again, and no more. */
const MOST_BYTES_OF_A_CALL = 250;
/** A shorter run is all warm-up: its slopes are shown, and prove nothing. */
const TELLING_MINUTES = 20;

interface Minute {
  minute: number;
  events: number;
  lagSeconds: number | null;
  exact: boolean;
  difference: string;
}

const say = (text: string) => {
  process.stdout.write(`${text}\n`);
  if (values.result) appendFileSync(values.result, `${text}\n`);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The programs that were started end with this one.
  process.once(signal, () => process.exit(1));
}
const stack = await startStack({
  collectors: 2,
  env: { MAX_REQUESTS: values['max-requests'], LOG_LEVEL: 'warn', ...WITH_INSPECTOR },
});
const agent = await startAgent(stack.nats.url, WITH_INSPECTOR);
const bus = await connect({ servers: stack.nats.url });
const redis = new Redis(stack.redis.url);
const dashboards = startProgram(process.execPath, [
  fileURLToPath(new URL('./dashboards.js', import.meta.url)),
  ...[stack.web.url, String(DASHBOARDS)],
]);
const services = [
  ...stack.collectors.map((one, i) => ({ name: `collector ${i + 1}`, ...one })),
  { name: 'api', ...stack.api },
  { name: 'web', ...stack.web },
  { name: 'agent', ...agent },
];
const memory = watchMemory([
  { name: 'nats-server', pid: stack.nats.pid() },
  { name: 'redis-server', pid: stack.redis.pid() },
  ...services,
]);
const get = async <T>(path: string) => (await (await fetch(`${stack.api.url}${path}`)).json()) as T;
const saidByDashboards = () =>
  JSON.parse(dashboards.output().trimEnd().split('\n').at(-1) ?? '{}') as Record<string, number>;

const began = performance.now();
const elapsed = () => (performance.now() - began) / 1000;
const load = startSteadyLoad(bus, { eventsPerSecond: RATE, seed: 1 });
const reading = setInterval(() => memory.read(elapsed()), READ_EVERY_MS);
const minutes: Minute[] = [];
for (let minute = 1; minute <= MINUTES; minute += 1) {
  await waitFor('the minute to be over', () => elapsed() >= minute * 60, {
    ...{ timeoutMs: 120_000, everyMs: 200 },
  });
  const { streams } = await get<Pipeline>('/api/pipeline');
  const lagSeconds = streams?.[0]?.lag ?? null;
  const difference = await compare();
  for (const one of services) {
    memory.add(`${one.name}, live heap`, elapsed(), await readLiveHeap(one));
  }
  minutes.push({ minute, events: load.events(), lagSeconds, exact: difference === '', difference });
  say(
    `minute ${minute}: ${load.events()} events, lag ${lagSeconds} s, ${difference || 'every count exact'}, ${JSON.stringify(saidByDashboards())}`,
  );
}
clearInterval(reading);
await load.stop();
const courses = memory.courses(WARM_UP_SECONDS);
const requests = load.truth.started;
const usedMemory = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
const shown = saidByDashboards();
dashboards.signal('SIGKILL');
redis.disconnect();
await bus.close();
await agent.stop();
await stack.stop();

const rows = [
  ['process', 'MiB after warm-up', 'at the end', 'most', 'MiB/h', 'verdict'],
  ...courses.map(({ name, first, last, most, slopePerHour }) => [
    ...[name, ...[first, last, most, slopePerHour].map((value) => value.toFixed(1))],
    verdictOf(name, slopePerHour),
  ]),
];
const inexact = minutes.filter(({ exact }) => !exact);
const lags = minutes.map(({ lagSeconds }) => lagSeconds ?? Number.POSITIVE_INFINITY);
say('');
for (const line of formatTable(rows)) say(line);
say(
  `\n${MINUTES} minutes, ${load.events()} events (${Math.round(load.events() / (MINUTES * 60))}/s), ${requests} calls, ${DASHBOARDS} dashboards`,
);
say(`counts exact in ${minutes.length - inexact.length} of ${minutes.length} minutes`);
say(`lag at the full minute: ${Math.max(...lags).toFixed(2)} s at most`);
say(
  `frames: ${shown['frames']} (${Math.round((shown['bytes'] ?? 0) / 1024 / 1024)} MiB), connections ${shown['opened']} opened, ${shown['open']} open at the end`,
);
say(`Redis: ${(usedMemory / 1024 / 1024).toFixed(0)} MiB of data`);
const grown = courses.filter(({ name, slopePerHour }) => verdictOf(name, slopePerHour) === 'grows');
process.exitCode = inexact.length > 0 || (MINUTES >= TELLING_MINUTES && grown.length > 0) ? 1 : 0;

function verdictOf(name: string, slopePerHour: number): string {
  if (Math.abs(slopePerHour) <= FLAT_MIB_PER_HOUR) return 'flat';
  if (slopePerHour < 0) return 'shrinks';
  const bytesOfAnEvent = (slopePerHour * 1024 * 1024) / (RATE * 3600);
  if (name === 'redis-server' && bytesOfAnEvent * 3 <= MOST_BYTES_OF_A_CALL) {
    return `phase bits, ${(bytesOfAnEvent * 3).toFixed(0)} B a call`;
  }
  if (name === 'nats-server' && bytesOfAnEvent <= MOST_BYTES_OF_AN_EVENT) {
    return `index of the stream, ${bytesOfAnEvent.toFixed(0)} B an event`;
  }
  // What garbage is not yet collected is no leak: the live heap says.
  return services.some((one) => one.name === name) ? 'see its live heap' : 'grows';
}

/** Stops the load for a moment and compares every count of the API with what was published. @returns what differs */
async function compare(): Promise<string> {
  await load.pause();
  const { truth } = load;
  const wanted: Record<string, number> = { ...truth };
  let last = '';
  try {
    await waitFor('all to be collected', async () => {
      last = differences(wanted, await readCounts());
      return last === '';
    });
  } catch {
    return last;
  } finally {
    load.resume();
  }
  return '';
}

async function readCounts(): Promise<SteadyTruth & { active: number }> {
  const status = await get<Status>('/api/status');
  return {
    started: status.total_requests,
    completed: status.completed_requests,
    failed: status.failed_requests,
    cancelled: status.cancelled_requests,
    outputTokens: status.total_tokens,
    active: status.active_requests,
  };
}

function differences(
  wanted: Record<string, number>,
  { active, ...counted }: SteadyTruth & { active: number },
): string {
  const { started, completed, failed, cancelled } = counted;
  const list = Object.entries(counted)
    .filter(([name, value]) => value !== wanted[name])
    .map(([name, value]) => `${name} is ${value} and not ${wanted[name]}`);
  if (started !== active + completed + failed + cancelled) {
    list.push(`${started} started are not ${active} active and those that ended`);
  }
  return list.join(', ');
}
