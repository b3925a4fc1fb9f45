import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  type HeartbeatData,
  type RequestStartedData,
} from '@llm-monitor/contracts/events';
import { afterEach, expect, test } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { length, pause, spell } from './lengths.ts';
import { report } from './report.ts';

const CALLS = 50;
const APPS = ['app-0', 'app-1', 'app-2'];
const LEASE_MS = length({ short: 1200, full: 35_000 });
const HEARTBEAT_MS = LEASE_MS / 3.5;

const load = createLoad({ seed: 61, calls: CALLS, share: { running: 1 } });
const callsOf = (app: string) =>
  load.events
    .map(({ event }) => event.data as RequestStartedData)
    .filter((data) => data.app === app)
    .map(({ requestId }) => requestId);

let bench: FaultBench;
let beating: NodeJS.Timeout | undefined;
afterEach(async () => {
  clearInterval(beating);
  await bench.stop();
});

/** Says of every app that it lives and which calls it makes, as clients do. */
function beat(): void {
  for (const app of APPS) {
    const runningRequestIds = callsOf(app);
    const running = runningRequestIds.length;
    const instance = 'instance-1';
    const data: HeartbeatData = { app, instance, host: 'test-host', running, runningRequestIds };
    const time = new Date();
    const event = createEvent({
      id: `${app}-${time.getTime()}`,
      source: `/apps/${app}`,
      type: 'llm.app.heartbeat.v1',
      time: time.toISOString(),
      data,
    });
    bench.connection.publish(subjects.heartbeat(app, instance), JSON.stringify(event));
  }
}

async function startBeatingCalls(): Promise<void> {
  bench = await startFaultBench({
    env: { LEASE_MS: String(LEASE_MS), SWEEP_INTERVAL_MS: '100' },
  });
  beat();
  beating = setInterval(beat, HEARTBEAT_MS);
  await waitFor('the heartbeats to be kept', async () => {
    const kept = await bench.redis.hlen('{s0}:beats');
    return kept === APPS.length;
  });
  await publishLoad(bench.connection, load.events);
  await waitFor('all calls to be active', async () => (await bench.read()).active === CALLS);
}

test.each([
  {
    what: 'Redis',
    takeAway: () => bench.redisServer.kill(),
    bringBack: () => bench.redisServer.restart(),
  },
  {
    what: 'all collectors',
    takeAway: () => Promise.all(bench.collectors.map((one) => one.stop('SIGKILL'))),
    bringBack: () => Promise.all([bench.startCollector(), bench.startCollector()]),
  },
])(
  'after an outage of $what that was longer than a lease, only calls of the silent are orphaned',
  async ({ what, takeAway, bringBack }) => {
    await startBeatingCalls();
    await takeAway();
    await pause(2 * LEASE_MS);
    await bringBack();
    // Long enough for a sweep that trusted what it knew from before.
    await pause(1.5 * LEASE_MS);
    const alive = await bench.read();
    clearInterval(beating);
    const began = performance.now();
    await waitFor('all calls to be orphaned', async () => (await bench.read()).active === 0, {
      timeoutMs: 6 * LEASE_MS,
    });
    const tookMs = performance.now() - began;
    const silent = await bench.read();
    report(
      `${what} away for ${spell(2 * LEASE_MS)}, two leases, with ${CALLS} calls of living apps`,
      `${alive.totals.failed} orphaned; ${silent.totals.failed} within ${spell(tookMs)} once the apps fell silent`,
      'none orphaned while its app lived, each once after',
      () => {
        expect(alive).toMatchObject({ active: CALLS, totals: { failed: 0 } });
        expect(silent).toMatchObject({ history: CALLS, totals: { started: CALLS, failed: CALLS } });
      },
    );
  },
);
