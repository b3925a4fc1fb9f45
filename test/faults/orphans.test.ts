import { fileURLToPath } from 'node:url';

import { createFakeOllama, type FakeOllama } from '@llm-monitor/fake-ollama';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { startProgram, type Program } from '../helpers/start-program.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { length, pause } from './lengths.ts';
import { report } from './report.ts';

const PROGRAM = fileURLToPath(new URL('./programs/parallel-chats.mjs', import.meta.url));
const CALLS = 50;
const HEARTBEAT_MS = length({ short: 300, full: 10_000 });
const LEASE_MS = length({ short: 1500, full: 35_000 });
/** With the product's own lease and sweep. */
const BOUND_MS = 45_000;

let bench: FaultBench;
let ollama: FakeOllama;
let app: Program;
let tokens: number;

beforeEach(async () => {
  ollama = createFakeOllama({
    respond: () => ({ content: Array.from({ length: tokens }, () => 'word '), tokenDelayMs: 100 }),
  });
  bench = await startFaultBench({
    env: {
      LEASE_MS: String(LEASE_MS),
      SWEEP_INTERVAL_MS: String(length({ short: 100, full: 2000 })),
    },
  });
});
afterEach(async () => {
  await app.stop('SIGKILL');
  await bench.stop();
  await ollama.close();
});

async function startApp(): Promise<void> {
  app = startProgram(process.execPath, [PROGRAM, String(CALLS)], {
    env: {
      OLLAMA_HOST: await ollama.listen(),
      LLM_MONITOR_NATS_URL: bench.nats.url,
      LLM_MONITOR_APP: 'trader',
      LLM_MONITOR_HEARTBEAT_MS: String(HEARTBEAT_MS),
    },
  });
  await waitFor('all calls to talk', () => app.output().includes('all talk'));
  await waitFor('all calls to be active', async () => (await bench.read()).active === CALLS);
  // Collectors that just began trust no silence for a whole lease.
  await pause(length({ short: 0, full: LEASE_MS }));
}

test('calls of an app that was killed are orphaned, each once', async () => {
  tokens = length({ short: 600, full: 2000 });
  await startApp();
  await app.stop('SIGKILL');
  const began = performance.now();
  await waitFor('all calls to be orphaned', async () => (await bench.read()).active === 0, {
    timeoutMs: BOUND_MS,
  });
  const seconds = (performance.now() - began) / 1000;
  const { totals, history } = await bench.read();
  report(
    `kill -9 an app with ${CALLS} active calls`,
    `${totals.failed} orphans after ${seconds.toFixed(1)} s (lease ${LEASE_MS / 1000} s)`,
    'each orphaned once',
    () => {
      expect(seconds * 1000).toBeLessThanOrEqual(BOUND_MS);
      expect(totals).toMatchObject({ started: CALLS, failed: CALLS, completed: 0 });
      expect(history).toBe(CALLS);
    },
  );
});

test('an outage of NATS and of the collectors, longer than a lease, orphans no call of an app that lives', async () => {
  tokens = length({ short: 90, full: 2000 });
  await startApp();
  await bench.nats.kill();
  await Promise.all(bench.collectors.map((collector) => collector.stop('SIGKILL')));
  await pause(2 * LEASE_MS);
  await bench.nats.restart();
  await Promise.all([bench.startCollector(), bench.startCollector()]);
  expect(await app.exited).toBe(0);
  await waitFor('all calls to end', async () => {
    const { totals } = await bench.read();
    return totals.completed + totals.failed === CALLS;
  });
  const { totals, active } = await bench.read();
  report(
    `NATS and collectors away for ${(2 * LEASE_MS) / 1000} s`,
    `${totals.completed} of ${CALLS} calls completed, ${totals.failed} orphaned`,
    'none orphaned',
    () => {
      expect(totals).toMatchObject({ started: CALLS, completed: CALLS, failed: 0 });
      expect(active).toBe(0);
    },
  );
});
