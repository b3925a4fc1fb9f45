import { pathToFileURL } from 'node:url';

import { createKeys } from '@llm-monitor/contracts/redis';
import type { EndedRequest, Pipeline, Readiness } from '@llm-monitor/contracts/rest';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { measure } from './measure.ts';
import { report } from './report.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Longer than calls are kept. */
const AHEAD_MS = 8 * DAY_MS;

let bench: FaultBench;
beforeEach(async () => {
  bench = await startFaultBench({ collectors: 1, env: { PRUNE_INTERVAL_MS: '100' } });
});
afterEach(() => bench.stop());

const ahead = {
  CLOCK_WRONG_BY_MS: String(AHEAD_MS),
  NODE_OPTIONS: `--import ${pathToFileURL(`${projectRoot()}/test/faults/programs/wrong-clock.mjs`).href}`,
};
const get = async <T>(service: Service, path: string) =>
  (await (await fetch(`${service.url}${path}`)).json()) as T;
const clockOf = async (service: Service) =>
  (await get<Readiness>(service, '/ready')).checks.find(({ name }) => name === 'clock')?.detail;

test('a collector whose clock is longer ahead than calls are kept removes none of them, and says what is wrong', async () => {
  const load = createLoad({ seed: 82, calls: 200 });
  await publishLoad(bench.connection, load.events, { perSecond: 3000 });
  await measure(bench, load);
  const history = async () => await get<EndedRequest[]>(bench.api, '/api/requests?limit=200');
  const ended = (await history()).length;
  const { collectors } = createKeys({ shards: 2 }).global;
  const astray = await bench.startCollector(ahead);
  await waitFor('it to report', async () => (await bench.redis.hlen(collectors)) === 2);
  // It has looked at all that is kept many times by then.
  const reports = async () => await bench.redis.hvals(collectors);
  const before = (await reports()).toSorted().join();
  await waitFor('both to report again', async () => {
    const now = await reports();
    return now.length === 2 && now.every((one) => !before.includes(one));
  });
  const kept = await history();
  const seen = (await reports()).map((one) => (JSON.parse(one) as { seenAtMs: number }).seenAtMs);
  const { differences } = await measure(bench, load);
  report(
    'a collector whose clock is 8 days ahead, with calls kept for 7',
    `${kept.length} of ${ended} calls kept; it says: ${await clockOf(astray)}`,
    'none removed, its clock named',
    () => {
      expect(ended).toBeGreaterThan(100);
      expect(kept).toHaveLength(ended);
      expect(differences).toEqual([]);
      expect(Math.abs(seen[0]! - seen[1]!)).toBeLessThan(60_000);
    },
  );
  expect(await clockOf(astray)).toMatch(/8 days ahead of that of Redis/);
  expect(astray.output()).toMatch(/8 days ahead of that of Redis/);
  const { collectors: shown } = await get<Pipeline>(bench.api, '/api/pipeline');
  expect(shown.map(({ online }) => online)).toEqual([true, true]);
});

test('an API whose clock is days ahead answers with what is now', async () => {
  const load = createLoad({ seed: 83, calls: 50 });
  await publishLoad(bench.connection, load.events, { perSecond: 3000 });
  await measure(bench, load);
  const astray = await startService('api', { ...bench.env, ...ahead });
  onTestFinished(() => astray.stop());
  const right = await get<{ total_requests: number }>(bench.api, '/api/status?range=1h');
  const found = await get<{ total_requests: number }>(astray, '/api/status?range=1h');
  expect(right.total_requests).toBe(50);
  expect(found.total_requests).toBe(50);
  expect(await clockOf(astray)).toMatch(/8 days ahead of that of Redis/);
});
