import { afterEach, expect, test } from 'vitest';

import {
  createLoad,
  publishLoad,
  shuffle,
  type Load,
  type PublishedLoad,
} from '../helpers/load.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { isFull, pause } from './lengths.ts';
import { drained, measure } from './measure.ts';
import { report } from './report.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

const CALLS = 1500;
/** The broker knows an event again by its id for two seconds. */
const AFTER_WINDOW_MS = 3000;

const threeTimes = ({ events }: Load) => [...events, ...events, ...events];

/** Three rounds, each when the broker has forgotten the ids of the one before. */
async function publishAcrossWindows(load: Load): Promise<PublishedLoad> {
  const sum = { acked: 0, duplicates: 0, resent: 0 };
  for (let round = 0; round < 3; round++) {
    if (round > 0) await pause(AFTER_WINDOW_MS);
    const { acked, duplicates, resent } = await publishLoad(
      bench.connection,
      shuffle(load.events, round),
    );
    sum.acked += acked;
    sum.duplicates += duplicates;
    sum.resent += resent;
  }
  return sum;
}

test('every event three times, past the dedupe of the broker, is counted once', async () => {
  bench = await startFaultBench();
  const load = createLoad({ seed: 4, calls: CALLS });
  const { acked, duplicates, resent } = isFull
    ? await publishAcrossWindows(load)
    : await publishLoad(bench.connection, shuffle(threeTimes(load), 4), { withoutIds: true });
  const { differences, summary } = await measure(bench, load);
  report(
    'every event three times, out of the dedupe window',
    `${acked - duplicates} events stored by the broker, ${summary}`,
    'exact',
    () => {
      // What a slow broker was sent again, it may know again.
      expect(duplicates).toBeLessThanOrEqual(resent);
      expect(differences).toEqual([]);
    },
  );
});

test('every event three times, within the dedupe of the broker, is counted once', async () => {
  bench = await startFaultBench();
  const load = createLoad({ seed: 14, calls: CALLS });
  const oneAfterTheOther = load.events.flatMap((event) => [event, event, event]);
  const { duplicates } = await publishLoad(bench.connection, oneAfterTheOther);
  const { differences, summary } = await measure(bench, load);
  report(
    'every event three times, in the dedupe window',
    `${duplicates} known again by the broker, ${summary}`,
    'exact',
    () => {
      // One that was slow to be acked was sent again.
      expect(duplicates).toBeGreaterThanOrEqual(2 * load.events.length);
      expect(differences).toEqual([]);
    },
  );
});

test('without the look at the phase bits the same events are counted more than once', async () => {
  bench = await startFaultBench({ collectors: 1, env: { UNSAFE_NO_DEDUPE: '1' } });
  const load = createLoad({ seed: 7, calls: 300 });
  await publishLoad(bench.connection, [...load.events, ...load.events], { withoutIds: true });
  await drained(bench);
  const { totals } = await bench.read();
  report(
    'negative control: no look at the phase bits',
    `${totals.started} calls counted of ${load.truth.started}`,
    'goes red, as it must',
    () => expect(totals.started).toBeGreaterThan(load.truth.started),
  );
});

test('a wiped Redis and a new consumer give the same numbers again from the stream', async () => {
  bench = await startFaultBench({ collectors: 1 });
  const load = createLoad({ seed: 9, calls: 500 });
  await publishLoad(bench.connection, shuffle(load.events, 9));
  const first = await measure(bench, load);
  await bench.redis.flushall();
  await bench.loseConsumer();
  const second = await measure(bench, load);
  report('wipe Redis, replay the stream', second.summary, 'identical', () => {
    expect(first.differences).toEqual([]);
    expect(second.store).toEqual(first.store);
    expect(second.differences).toEqual([]);
  });
});
