import { pathToFileURL } from 'node:url';

import { createKeys } from '@llm-monitor/contracts/redis';
import type { EndedRequest, Host } from '@llm-monitor/contracts/rest';
import { createFakeOllama } from '@llm-monitor/fake-ollama';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import { createLoad, publishLoad, type Load } from '../helpers/load.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startAgent } from '../helpers/start-agent.ts';
import { startProgram } from '../helpers/start-program.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { measure } from './measure.ts';
import { report } from './report.ts';

const DAY_MS = 24 * 3600 * 1000;
const CALLS = 20;
/** Clocks of two machines that are right may still differ, and a test takes its time. */
const NEAR_MS = 60_000;
const programs = `${projectRoot()}/test/faults/programs`;

let bench: FaultBench;
beforeEach(async () => {
  bench = await startFaultBench();
});
afterEach(() => bench.stop());

const clocks = [
  { clock: 'a day ahead', wrongByMs: DAY_MS },
  { clock: 'a day behind', wrongByMs: -DAY_MS },
];

const wrongClock = (wrongByMs: number) => ({
  CLOCK_WRONG_BY_MS: String(wrongByMs),
  NODE_OPTIONS: `--import ${pathToFileURL(`${programs}/wrong-clock.mjs`).href}`,
});

const get = async <T>(path: string) => (await (await fetch(`${bench.api.url}${path}`)).json()) as T;

/** How far the rollups of minutes are from now, at most, ms. */
async function farthestMinute(): Promise<number> {
  const keys = createKeys({ shards: 2 });
  const found = await Promise.all(
    [0, 1].map((shard) => bench.redis.keys(`${keys.shard(shard).prefix}roll:m*`)),
  );
  const minutes = found.flat().map((key) => Number(/roll:m(\d+)/.exec(key)?.[1]) * 60_000);
  expect(minutes.length).toBeGreaterThan(0);
  return Math.max(...minutes.map((ms) => Math.abs(Date.now() - ms)));
}

test.each(clocks)(
  'calls of a program whose clock is $clock are kept at the time they were made',
  async ({ clock, wrongByMs }) => {
    const ollama = createFakeOllama({
      respond: () => ({ content: ['a ', 'b'], tokenDelayMs: 300 }),
    });
    onTestFinished(() => ollama.close());
    const began = Date.now();
    const app = startProgram(process.execPath, [`${programs}/parallel-chats.mjs`, String(CALLS)], {
      env: {
        ...wrongClock(wrongByMs),
        ...{ OLLAMA_HOST: await ollama.listen(), LLM_MONITOR_NATS_URL: bench.nats.url },
        ...{ LLM_MONITOR_APP: 'astray', LLM_MONITOR_HEARTBEAT_MS: '200' },
      },
    });
    expect(await app.exited).toBe(0);
    await waitFor('all calls', async () => (await bench.read()).totals.completed === CALLS);
    const ended = Date.now();
    const { totals, minutes, hours, active } = await bench.read();
    const history = await get<EndedRequest[]>('/api/requests');
    const [seen] = await get<{ name: string; instances: { last_seen: string }[] }[]>('/api/apps');
    const times = history.flatMap((one) =>
      [one.started_at, one.ended_at].map((at) => Date.parse(at)),
    );
    const farthest = await farthestMinute();
    const lastSeen = Date.parse(seen?.instances[0]?.last_seen ?? '');
    report(
      `a program whose clock is ${clock}`,
      `${totals.completed} of ${CALLS} calls; history from ${Math.min(...times) - began} ms after the start to ${ended - Math.max(...times)} ms before the look`,
      "at the broker's time",
      () => {
        expect([totals.started, active]).toEqual([CALLS, 0]);
        expect(minutes).toEqual(totals);
        expect(hours).toEqual(totals);
        expect(history).toHaveLength(CALLS);
        expect(Math.min(...times)).toBeGreaterThan(began - 1000);
        expect(Math.max(...times)).toBeLessThan(ended + 1000);
        expect(farthest).toBeLessThan(2 * NEAR_MS);
        expect(history.every((one) => one.duration > 0.2 && one.duration < 30)).toBe(true);
        expect(Math.abs(lastSeen - ended)).toBeLessThan(NEAR_MS);
      },
    );
  },
);

test('events of right and wrong clocks, mixed, are counted exactly in the minutes and hours of now', async () => {
  const load = createLoad({ seed: 81, calls: 600 });
  const astray = load.events.map((one, i) => movedBy(one, [0, DAY_MS, -DAY_MS][i % 3]!));
  await publishLoad(bench.connection, astray, { perSecond: 3000 });
  const { differences, summary } = await measure(bench, load);
  const farthest = await farthestMinute();
  report(
    'every third event of a clock a day ahead, every third of one a day behind',
    `${summary}, the farthest minute ${Math.round(farthest / 1000)} s from now`,
    "exact, at the broker's time",
    () => {
      expect(differences).toEqual([]);
      // A call that lasted 20 s began in an earlier minute.
      expect(farthest).toBeLessThan(3 * NEAR_MS);
    },
  );
});

function movedBy({ subject, event }: Load['events'][number], ms: number): Load['events'][number] {
  return {
    subject,
    event: { ...event, time: new Date(Date.parse(event.time) + ms).toISOString() },
  };
}

test.each(clocks)(
  'a machine whose clock is $clock is shown as it is now, with how wrong its clock is',
  async ({ clock, wrongByMs }) => {
    const agent = await startAgent(bench.nats.url, wrongClock(wrongByMs));
    onTestFinished(() => agent.stop());
    const host = await waitFor('the host', async () =>
      (await get<Host[]>('/api/hosts')).find(({ online }) => online),
    );
    const sinceMs = Date.now() - Date.parse(host.last_seen);
    report(
      `an agent whose clock is ${clock}`,
      `last seen ${Math.round(sinceMs / 1000)} s ago, clock shown as ${host.clock_skew} s off`,
      'online, its skew shown',
      () => {
        expect(Math.abs(sinceMs)).toBeLessThan(NEAR_MS);
        expect(Math.abs(host.clock_skew * 1000 - wrongByMs)).toBeLessThan(5000);
      },
    );
  },
);
