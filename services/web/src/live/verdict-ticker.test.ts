import type { Verdict } from '@llm-monitor/contracts/events';
import type { LiveOp } from '@llm-monitor/contracts/live';
import { expect, test } from 'vitest';

import { createVerdictTicker } from './verdict-ticker.ts';

const queued: Verdict = {
  ...{ kind: 'queued', since: '2026-01-01T00:00:00.000Z', reason: { ahead: 1, behind: [] } },
};

function start(watched: readonly boolean[] = [false]) {
  let nowMs = 0;
  let verdicts = new Map<string, Verdict[]>();
  let reads = 0;
  let isBroken = false;
  const faults: unknown[][] = [];
  const sent: { demo: boolean; ops: readonly LiveOp[] }[] = [];
  const ticker = createVerdictTicker({
    figures: {
      readVerdicts() {
        reads++;
        return isBroken ? Promise.reject(new Error('no such thing')) : Promise.resolve(verdicts);
      },
    },
    feed: { sendFigures: (demo, ops) => void sent.push({ demo, ops }) },
    isWatched: (demo) => watched.includes(demo),
    isDemo: (key) => key.startsWith('demo'),
    monotonicMs: () => nowMs,
    log: { debug: (...said: unknown[]) => void faults.push(said) },
  });
  return {
    async tick(keys: readonly string[]) {
      verdicts = new Map(keys.map((key) => [key, [queued]]));
      nowMs += 1000;
      ticker.tick();
      await new Promise((resolve) => setImmediate(resolve));
      return sent.splice(0);
    },
    reads: () => reads,
    faults,
    break: (broken: boolean) => void (isBroken = broken),
  };
}

test('what changed is sent once, said again after five seconds, and its end is told twice', async () => {
  const { tick } = start();
  expect(await tick([])).toEqual([]);
  const told = { demo: false, ops: [['verdicts', [['a:app', [queued]]]]] };
  expect(await tick(['a:app'])).toEqual([told]);
  for (let second = 0; second < 4; second++) expect(await tick(['a:app'])).toEqual([]);
  expect(await tick(['a:app'])).toEqual([told]);
  const ended = [{ demo: false, ops: [['verdicts', []]] }];
  expect(await tick([])).toEqual(ended);
  for (let second = 0; second < 4; second++) expect(await tick([])).toEqual([]);
  expect(await tick([])).toEqual(ended);
  for (let second = 0; second < 9; second++) expect(await tick([])).toEqual([]);
});

test('each view is told of its own calls, and nothing is read for nobody', async () => {
  const { tick } = start([false, true]);
  const told = await tick(['a:app', 'demo-1:app']);
  expect(told.map(({ demo, ops }) => [demo, ops[0]?.[1]])).toEqual([
    [false, [['a:app', [queued]]]],
    [true, [['demo-1:app', [queued]]]],
  ]);
  const nobody = start([]);
  await nobody.tick(['a:app']);
  expect(nobody.reads()).toBe(0);
});

test('a look that failed is in the log, and followed by the next', async () => {
  const ticker = start();
  ticker.break(true);
  expect(await ticker.tick(['a:app'])).toEqual([]);
  expect(ticker.faults).toEqual([
    [{ err: new Error('no such thing') }, 'verdicts could not be read; again soon'],
  ]);
  ticker.break(false);
  expect(await ticker.tick(['a:app'])).toHaveLength(1);
});
