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
const PROGRAMS = `${projectRoot()}/test/faults/programs`;

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
  NODE_OPTIONS: `--import ${pathToFileURL(`${PROGRAMS}/wrong-clock.mjs`).href}`,
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

test('calls of programs whose clocks are a day ahead and a day behind are kept at the time they were made', async () => {
  const ollama = createFakeOllama({
    respond: () => ({ content: ['a ', 'b'], tokenDelayMs: 300 }),
  });
  onTestFinished(() => ollama.close());
  const host = await ollama.listen();
  const began = Date.now();
  const programs = clocks.map(({ wrongByMs }, i) =>
    startProgram(process.execPath, [`${PROGRAMS}/parallel-chats.mjs`, String(CALLS)], {
      env: {
        ...wrongClock(wrongByMs),
        ...{ OLLAMA_HOST: host, LLM_MONITOR_NATS_URL: bench.nats.url },
        ...{ LLM_MONITOR_APP: `astray-${i}`, LLM_MONITOR_HEARTBEAT_MS: '200' },
      },
    }),
  );
  for (const program of programs) expect(await program.exited).toBe(0);
  const all = CALLS * programs.length;
  await waitFor('all calls', async () => (await bench.read()).totals.completed === all);
  const ended = Date.now();
  const { totals, minutes, hours, active } = await bench.read();
  const history = await get<EndedRequest[]>('/api/requests');
  const apps = await get<{ instances: { last_seen: string }[] }[]>('/api/apps');
  const times = history.flatMap((one) =>
    [one.started_at, one.ended_at].map((at) => Date.parse(at)),
  );
  const farthest = await farthestMinute();
  const seen = apps.map(({ instances }) => Date.parse(instances[0]?.last_seen ?? ''));
  report(
    'programs whose clocks are a day ahead and a day behind',
    `${totals.completed} of ${all} calls; the earliest ${Math.min(...times) - began} ms after the start, the last ${ended - Math.max(...times)} ms before the look`,
    "at the broker's time",
    () => {
      expect([totals.started, active, history.length]).toEqual([all, 0, all]);
      expect([minutes, hours]).toEqual([totals, totals]);
      expect(Math.min(...times)).toBeGreaterThan(began - 1000);
      expect(Math.max(...times)).toBeLessThan(ended + 1000);
      expect(farthest).toBeLessThan(3 * NEAR_MS);
      expect(history.every((one) => one.duration > 0.2 && one.duration < 60)).toBe(true);
      for (const at of seen) expect(Math.abs(at - ended)).toBeLessThan(NEAR_MS);
    },
  );
});

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

test('machines whose clocks are wrong are shown as they are now, with how wrong their clocks are', async () => {
  for (const { clock, wrongByMs } of clocks) {
    const agent = await startAgent(bench.nats.url, wrongClock(wrongByMs));
    onTestFinished(() => agent.stop());
    // Both call themselves by the name of this machine: the first sample of the later one takes over.
    const host = await waitFor('the host', async () =>
      (await get<Host[]>('/api/hosts')).find(
        ({ online, clock_skew }) => online && Math.sign(clock_skew) === Math.sign(wrongByMs),
      ),
    );
    await agent.stop();
    const sinceMs = Date.now() - Date.parse(host.last_seen);
    report(
      `an agent whose clock is ${clock}`,
      `last seen ${Math.round(sinceMs / 1000)} s ago, clock shown as ${host.clock_skew} s off`,
      'online, its skew shown',
      () => {
        expect(Math.abs(sinceMs)).toBeLessThan(NEAR_MS);
        expect(Math.abs(host.clock_skew * 1000 - wrongByMs)).toBeLessThan(NEAR_MS);
      },
    );
  }
});
