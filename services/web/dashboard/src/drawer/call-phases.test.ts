import { describe, expect, test } from 'vitest';

import { callPhases } from './call-phases.ts';

const phases = { queue: 1, load: 2, prompt: 1, generation: 5 };
const told = (call: Parameters<typeof callPhases>[0]) =>
  callPhases(call)?.shares.map(({ name, seconds, percent }) => [name, seconds, percent]);

describe("a call's time", () => {
  test("is split by the server's phases, and what they leave is outside of the model", () => {
    expect(told({ phases, duration: 10, time_to_first_token: 4.5 })).toEqual([
      ['queue', 1, 10],
      ['load', 2, 20],
      ['prompt', 1, 10],
      ['generation', 5, 50],
      ['rest', 1, 10],
    ]);
  });

  test('marks the queue, and nothing else, as an estimate', () => {
    const split = callPhases({ phases, duration: 10, time_to_first_token: null });
    expect(split?.shares.filter(({ isEstimate }) => isEstimate).map(({ name }) => name)).toEqual([
      'queue',
    ]);
  });

  test('marks where the first token came', () => {
    expect(callPhases({ phases, duration: 10, time_to_first_token: 4.5 })).toMatchObject({
      firstTokenPercent: 45,
      isByServer: true,
    });
  });

  test('is never more than all of it, though the server counted longer than the app', () => {
    const split = callPhases({ phases, duration: 6, time_to_first_token: 4.5 });
    expect(split?.firstTokenPercent).toBe(50);
    expect(split?.shares.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100);
  });

  test('is split at the first token where the server tells no phases', () => {
    expect(told({ phases: null, duration: 4, time_to_first_token: 1 })).toEqual([
      ['before', 1, 25],
      ['generation', 3, 75],
    ]);
  });

  test('leaves out what took no time', () => {
    const quick = { queue: 0, load: 0, prompt: 1, generation: 1 };
    expect(
      told({ phases: quick, duration: 2, time_to_first_token: 1 })?.map(([name]) => name),
    ).toEqual(['prompt', 'generation']);
  });

  test('is not split where nothing but its length is known', () => {
    expect(callPhases({ phases: null, duration: 4, time_to_first_token: null })).toBeNull();
    expect(
      callPhases({
        phases: { queue: 0, load: 0, prompt: 0, generation: 0 },
        ...{ duration: 0, time_to_first_token: null },
      }),
    ).toBeNull();
  });
});
