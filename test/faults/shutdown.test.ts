import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import { startAgent } from '../helpers/start-agent.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { pause } from './lengths.ts';
import { report } from './report.ts';
import { underLoad } from './under-load.ts';

/** What a service may take to end, with what it has in hand. */
const BOUND_MS = 10_000;

let bench: FaultBench;
beforeEach(async () => {
  bench = await startFaultBench();
});
afterEach(() => bench.stop());

async function end(service: Service): Promise<{ code: number | null; tookMs: number }> {
  const began = performance.now();
  service.signal('SIGTERM');
  const code = await service.exited;
  return { code, tookMs: performance.now() - began };
}

test('collectors that are told to end under load end in good order, and what they had in hand is counted once', async () => {
  const ends: Awaited<ReturnType<typeof end>>[] = [];
  await underLoad(bench, { fault: 'SIGTERM each collector in turn', seed: 95 }, async () => {
    for (const collector of bench.collectors.slice()) {
      await pause(500);
      await bench.startCollector();
      ends.push(await end(collector));
    }
    const longest = Math.max(...ends.map(({ tookMs }) => tookMs));
    return `exits ${ends.map(({ code }) => code).join(', ')}, the longest after ${(longest / 1000).toFixed(1)} s`;
  });
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  for (const { tookMs } of ends) expect(tookMs).toBeLessThan(BOUND_MS);
});

test('an api that is told to end while it is asked answers what it took, and ends', async () => {
  const api = await startService('api', bench.env);
  let isOver = false;
  const seen = { whole: 0, refused: 0, cut: 0 };
  const askers = Array.from({ length: 20 }, async () => {
    while (!isOver) {
      const response = await fetch(`${api.url}/api/stats`).catch(() => undefined);
      if (!response) {
        seen.refused += 1;
        await pause(20);
        continue;
      }
      const isWhole = await response.json().then(
        () => true,
        () => false,
      );
      seen[isWhole ? 'whole' : 'cut'] += 1;
    }
  });
  await pause(1000);
  const { code, tookMs } = await end(api);
  isOver = true;
  await Promise.all(askers);
  report(
    'SIGTERM an api that 20 clients ask',
    `exit ${code} after ${(tookMs / 1000).toFixed(1)} s; ${seen.whole} whole answers, ${seen.cut} cut`,
    'exit 0, none cut',
    () => {
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(BOUND_MS);
      expect(seen.whole).toBeGreaterThan(20);
      expect(seen.cut).toBe(0);
    },
  );
});

test('an agent that is told to end while NATS is away ends all the same', async () => {
  const agent = await startAgent(bench.nats.url);
  onTestFinished(() => agent.stop('SIGKILL'));
  await bench.nats.kill();
  await pause(500);
  const { code, tookMs } = await end(agent);
  await bench.nats.restart();
  report(
    'SIGTERM an agent while NATS is away',
    `exit ${code} after ${(tookMs / 1000).toFixed(1)} s`,
    'exit 0 within 10 s',
    () => {
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(BOUND_MS);
    },
  );
});
