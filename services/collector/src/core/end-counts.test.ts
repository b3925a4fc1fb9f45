import type { RequestEndedData } from '@llm-monitor/contracts/events';
import { bucketOf } from '@llm-monitor/contracts/stats';
import { describe, expect, test } from 'vitest';

import { addEnd, addLifetime, addOutcome } from './end-counts.ts';

const END: RequestEndedData = {
  ...{ requestId: 'request-1', app: 'generator', model: 'm:1' },
  ...{ outcome: 'completed', durationMs: 2100.4, ttftMs: 100.4 },
};
const tokens = (outputTokens?: number, inputTokens?: number): Partial<RequestEndedData> => ({
  usage: {
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(inputTokens === undefined ? {} : { inputTokens }),
    source: 'server',
  },
});

function counted(add: typeof addEnd, data: Partial<RequestEndedData>): Record<string, number> {
  const fields = new Map<string, number>();
  add(fields, { ...END, ...data });
  return Object.fromEntries(fields);
}
const ended = (data: Partial<RequestEndedData>) => counted(addEnd, data);
const ofLifetime = (data: Partial<RequestEndedData>) => counted(addLifetime, data);

/** One with everything: what its latencies count. */
const LATENCIES = {
  ...{ dn: 1, ds: 2100, [`d${bucketOf(2100.4)}`]: 1 },
  ...{ fn: 1, fs: 100, [`f${bucketOf(100.4)}`]: 1 },
};

describe('an end', () => {
  test('counts its tokens, its latencies, and the time that its tokens took from the first one on', () => {
    expect(ended(tokens(50, 7))).toEqual({ ok: 1, it: 7, ot: 50, ...LATENCIES, gt: 50, gm: 2000 });
  });
  test('counts the time that the server measured rather than that', () => {
    const ollama = { evalDurationNs: 1_500_400_000 };
    expect(ended({ ...tokens(50), ollama })).toMatchObject({ gt: 50, gm: 1500 });
    expect(ended({ ...tokens(50), ollama: { evalDurationNs: 0 } })).toMatchObject({ gm: 2000 });
  });
  test('counts no speed where its tokens or their time are not known, or took none', () => {
    const { ttftMs: _, ...withoutFirstToken } = { ...END, ...tokens(50) };
    const fields = new Map<string, number>();
    addEnd(fields, withoutFirstToken);
    expect(Object.fromEntries(fields)).toEqual({
      ...{ ok: 1, ot: 50 },
      ...{ dn: 1, ds: 2100, [`d${bucketOf(2100.4)}`]: 1 },
    });
    expect(ended({})).toEqual({ ok: 1, ...LATENCIES });
    expect(ended(tokens(0, 0))).toEqual({ ok: 1, ...LATENCIES });
    expect(ended({ ...tokens(1), ttftMs: END.durationMs })).not.toHaveProperty('gm');
  });
  test('that is no completed inference counts its tokens and no latency', () => {
    expect(ended({ outcome: 'cancelled', ...tokens(50, 7) })).toEqual({ ca: 1, it: 7, ot: 50 });
    expect(ended({ operation: 'load' })).toEqual({ ok: 1 });
  });
});

test.each([
  ['completed', { ok: 1 }],
  ['cancelled', { ca: 1 }],
  ['abandoned', { ca: 1 }],
  ['timeout', { ko: 1, to: 1 }],
  ['error', { ko: 1 }],
  ['incomplete', { ko: 1 }],
  ['orphaned', { ko: 1 }],
] as const)('%s is counted as what it is, and taken back as that', (outcome, counts) => {
  const fields = new Map<string, number>();
  addOutcome(fields, outcome, 1);
  expect(Object.fromEntries(fields)).toEqual(counts);
  addOutcome(fields, outcome, -1);
  expect([...fields.values()].every((value) => value === 0)).toBe(true);
});

describe('a lifetime', () => {
  const perToken = (ms: number) => ({ [`t${bucketOf(ms)}`]: 1, tu: Math.round(ms * 1000) });

  test('has the tokens of each call in its bucket, and the time that each token after the first took', () => {
    expect(ofLifetime({ ...tokens(51, 0), durationMs: 2100, ttftMs: 100 })).toEqual({
      ...{ 'p:_OTHER': 1, i0: 1, o3: 1 },
      ...perToken(40),
    });
    expect(ofLifetime({ ...tokens(2), durationMs: 101, ttftMs: 100 })).toMatchObject(perToken(1));
  });
  test('has no time per token of a call that was no completed inference, or of which it is not known', () => {
    const counts = { 'p:_OTHER': 1, o3: 1 };
    expect(ofLifetime({ ...tokens(51), outcome: 'cancelled' })).toEqual(counts);
    expect(ofLifetime({ ...tokens(51), operation: 'load' })).toEqual(counts);
    expect(ofLifetime({ ...tokens(51), ttftMs: END.durationMs })).toEqual(counts);
    expect(ofLifetime(tokens(1))).toEqual({ 'p:_OTHER': 1, o0: 1 });
    expect(ofLifetime(tokens(undefined, 5))).toEqual({ 'p:_OTHER': 1, i2: 1 });
    const { ttftMs: _, ...withoutFirstToken } = { ...END, ...tokens(51) };
    const fields = new Map<string, number>();
    addLifetime(fields, withoutFirstToken);
    expect(Object.fromEntries(fields)).toEqual(counts);
  });
});
