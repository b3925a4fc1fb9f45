import { isDeepStrictEqual } from 'node:util';

import type { AnyRequest } from '@llm-monitor/contracts/rest';
import { afterEach, expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { createLoad, publishLoad, type Load } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { drained, measure } from './measure.ts';
import { report } from './report.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

const ask = async (id: string, app: string) => {
  const response = await fetch(`${bench.api.url}/api/requests/${id}?app=${app}`);
  return (await response.json()) as AnyRequest;
};

test("an app that uses another's request ids, and its name inside, changes nothing of the other's", async () => {
  bench = await startFaultBench();
  const load = createLoad({ seed: 91, calls: 400 });
  const before = load.events.slice(0, load.events.length / 2);
  const after = load.events.slice(before.length);
  await publishLoad(bench.connection, before);
  await drained(bench);
  const truth = await everyCall(load);
  const forgeries = forge(load);
  await Promise.all([
    publishLoad(bench.connection, after, { perSecond: 2000 }),
    publishLoad(bench.connection, forgeries, { perSecond: 2000 }),
  ]);
  await drained(bench);
  const forged = await bench.read();
  const now = await everyCall(load);
  const ended = Object.keys(truth).filter((id) => 'outcome' in truth[id]!);
  const changed = ended.filter((id) => !isDeepStrictEqual(now[id], truth[id]));
  // What is left of the counts without the forger's own must be the load's.
  const own = await figuresOfOthers();
  report(
    "an app that publishes ends and starts with others' request ids",
    `${forgeries.length} forged events, ${forged.totals.started - load.truth.started} calls of the forger's own, ${changed.length} calls of others changed`,
    'nothing of the others changed',
    () => {
      expect(ended.length).toBeGreaterThan(150);
      expect(forged.totals.started).toBe(2 * load.truth.started);
      expect(changed.map((id) => now[id])).toEqual(changed.map((id) => truth[id]));
      expect(own).toEqual({
        started: load.truth.started,
        completed: load.truth.completed,
        failed: load.truth.failed,
        cancelled: load.truth.cancelled,
        outputTokens: load.truth.outputTokens,
      });
    },
  );
});

/** Each call of the load as the API tells it to who names its app. */
async function everyCall(load: Load): Promise<Record<string, AnyRequest>> {
  const ids = new Map(
    load.events.map(({ event }) => {
      const { requestId, app } = event.data as { requestId: string; app: string };
      return [requestId, app];
    }),
  );
  const calls: Record<string, AnyRequest> = {};
  for (const [id, app] of ids) calls[id] = await ask(id, app);
  return calls;
}

/** Failures of every call, on the forger's own subjects: with its own name inside, and with the victim's. */
function forge(load: Load): Published[] {
  return load.events
    .filter(({ event }) => event.type.includes('.started.'))
    .map(({ event }, i) => {
      const { requestId, app, model } = event.data as Record<'requestId' | 'app' | 'model', string>;
      const { subject, event: end } = aCall({ requestId, app: 'forger', model }).failed();
      const data = i % 2 === 0 ? end.data : { ...end.data, app };
      // The broker takes two events of one id for one: only another id lets the forgery through at all.
      return { subject, event: { ...end, id: `forged-${end.id}`, data } };
    });
}

async function figuresOfOthers() {
  const apps = (await (await fetch(`${bench.api.url}/api/apps`)).json()) as {
    name: string;
    total_requests: number;
    completed_requests: number;
    failed_requests: number;
    cancelled_requests: number;
    total_tokens: number;
  }[];
  const others = apps.filter(({ name }) => name !== 'forger');
  const sum = (of: (app: (typeof apps)[number]) => number) =>
    others.reduce((total, app) => total + of(app), 0);
  return {
    started: sum((app) => app.total_requests),
    completed: sum((app) => app.completed_requests),
    failed: sum((app) => app.failed_requests),
    cancelled: sum((app) => app.cancelled_requests),
    outputTokens: sum((app) => app.total_tokens),
  };
}

test('an end that comes after the call was orphaned overrides that, once, in counts and history', async () => {
  bench = await startFaultBench({
    env: { LEASE_MS: '1000', DEFAULT_LEASE_MS: '1000', SWEEP_INTERVAL_MS: '100' },
  });
  const load = createLoad({ seed: 92, calls: 60, share: { running: 0 } });
  const isEnd = ({ event }: Published) => /completed|failed|cancelled/.test(event.type);
  await publish(
    bench.connection,
    load.events.filter((one) => !isEnd(one)),
  );
  await waitFor('all to be orphaned', async () => (await bench.read()).totals.failed === 60, {
    timeoutMs: 30_000,
  });
  const orphaned = await bench.read();
  // Each twice: the second must find that there is nothing left to override.
  const ends = load.events.filter(isEnd);
  await publish(bench.connection, ends);
  await publish(bench.connection, ends, { withoutId: true });
  const { differences, summary } = await measure(bench, load);
  report(
    'ends, each twice, of calls that were orphaned before',
    `${orphaned.totals.failed} orphans, then ${summary}`,
    'the end counts, and nothing else',
    () => {
      expect(orphaned).toMatchObject({ active: 0, history: 60, totals: { started: 60 } });
      expect(differences).toEqual([]);
    },
  );
});
