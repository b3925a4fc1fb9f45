import { afterEach, expect, test } from 'vitest';

import type { Published } from '../helpers/an-event.ts';
import { createLoad, publishLoad, shuffle } from '../helpers/load.ts';
import { startFaultBench, type FaultBench } from './fault-bench.ts';
import { length, pause, spell } from './lengths.ts';
import { drained, measure } from './measure.ts';
import { report } from './report.ts';

let bench: FaultBench;
afterEach(() => bench.stop());

const CALLS = 1000;

/** Poison is dead-lettered, and named by why. */
const POISON: Record<string, { reason: string; spoil(json: string): string | Uint8Array }> = {
  'bad JSON': { reason: 'invalid-json', spoil: (json) => json.slice(0, -1) },
  'bytes that are no UTF-8': {
    reason: 'invalid-json',
    spoil: () => new Uint8Array([0xff, 0xfe, 0x00]),
  },
  'a wrong type': {
    reason: 'invalid-event',
    spoil: (json) => json.replace(/"durationMs":\d+/, '"durationMs":"long"'),
  },
  NaN: {
    reason: 'invalid-json',
    spoil: (json) => json.replace(/"durationMs":\d+/, '"durationMs":NaN'),
  },
  'a number beyond all': {
    reason: 'invalid-event',
    spoil: (json) => json.replace(/"durationMs":\d+/, '"durationMs":1e999'),
  },
  'no data': { reason: 'invalid-event', spoil: (json) => json.replace('"data":', '"dates":') },
};

test('one poisoned event of each kind within batches is dead-lettered once, and the rest is applied', async () => {
  bench = await startFaultBench();
  const load = createLoad({ seed: 41, calls: CALLS });
  // Of calls that are no part of the load: what is spoilt is another's end.
  const victims = createLoad({ seed: 42, calls: 400 }).events.filter(({ event }) =>
    event.type.includes('completed'),
  );
  const letters: Record<string, string[]> = {};
  const publishPoison = async () => {
    for (const [name, { reason, spoil }] of Object.entries(POISON)) {
      const { subject, event } = victims.pop()!;
      bench.connection.publish(subject, spoil(JSON.stringify(event)));
      (letters[reason] ??= []).push(name);
      await pause(50);
    }
    await bench.connection.flush();
  };
  await Promise.all([
    publishLoad(bench.connection, load.events, { perSecond: 4000 }),
    publishPoison(),
  ]);
  const { differences, summary } = await measure(bench, load);
  const { state } = await bench.manager.streams.info('LLM_DEAD_LETTERS', {
    subjects_filter: '>',
  } as never);
  const wanted = Object.fromEntries(
    Object.entries(letters).map(([reason, names]) => [`llm.dead-letter.${reason}`, names.length]),
  );
  report(
    `poison in batches: ${Object.keys(POISON).join(', ')}`,
    `${state.messages} dead letters, ${summary}`,
    'one letter each, the rest exact',
    () => {
      expect(state.subjects).toEqual(wanted);
      expect(differences).toEqual([]);
    },
  );
});

test('ends minutes before first tokens minutes before starts give the same counts', async () => {
  const apartMs = length({ short: 700, full: 3 * 60_000 });
  bench = await startFaultBench();
  const load = createLoad({ seed: 5, calls: CALLS });
  const ofType = (...types: string[]) =>
    load.events.filter(({ event }) => types.some((type) => event.type.includes(type)));
  const waves = [
    ofType('completed', 'failed', 'cancelled'),
    ofType('first-token'),
    ofType('started'),
  ];
  for (const [i, wave] of waves.entries()) {
    if (i > 0) await pause(apartMs);
    await publishLoad(bench.connection, shuffle(wave, i));
    await drained(bench);
  }
  const { differences, summary } = await measure(bench, load);
  report(
    `ends before first tokens before starts, ${spell(apartMs)} apart`,
    summary,
    'exact',
    () => {
      expect(waves.flat()).toHaveLength(load.events.length);
      expect(differences).toEqual([]);
    },
  );
});

test('events of this version and of the next flow at once', async () => {
  bench = await startFaultBench();
  const load = createLoad({ seed: 43, calls: CALLS });
  const mixed = load.events.map((one, i) => (i % 2 === 0 ? one : nextVersion(one)));
  await publishLoad(bench.connection, shuffle(mixed, 43));
  const { differences, summary } = await measure(bench, load);
  const { state } = await bench.manager.streams.info('LLM_DEAD_LETTERS');
  report('v1 and v2 events mixed', `${state.messages} dead letters, ${summary}`, 'exact', () => {
    expect(state.messages).toBe(0);
    expect(differences).toEqual([]);
  });
});

/** As a later version may say it: another number, and fields that nobody knows yet. */
function nextVersion({ subject, event }: Published): Published {
  const data = {
    ...(event.data as object),
    shards: [1, 2],
    energy: { joules: 12.5 },
    phase: 'new',
  };
  return {
    subject,
    event: {
      ...event,
      type: event.type.replace(/v1$/, 'v2'),
      data,
      ...{ dataschema: 'https://example.org/v2' },
    },
  };
}
