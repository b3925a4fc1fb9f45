import { callKey } from '@llm-monitor/contracts/live';
import { beforeEach, expect, test } from 'vitest';

import { createStore } from '../store/store.ts';
import type { LiveState } from './live-state.ts';
import { aState, anActiveCall } from './sample-calls.ts';
import { createTokenWatch, SPARK_POINTS } from './token-watch.ts';

const call = anActiveCall({ phase: 'generating', tokens_generated: 5, tokens_per_second: 40 });
const key = callKey(call);
let nowMs: number;
let isStill: boolean;
let tick: () => void;

beforeEach(() => {
  nowMs = 1000;
  isStill = false;
});

function watch(live: LiveState) {
  const store = createStore<LiveState | null>(live);
  const ticker = {
    subscribe(listener: () => void) {
      tick = listener;
      return () => undefined;
    },
  };
  const tokens = createTokenWatch({
    ...{ live: store, ticker, monotonicMs: () => nowMs, isStill: () => isStill },
  });
  const pass = (seconds: number) => {
    for (let i = 0; i < seconds * 2; i++) {
      nowMs += 500;
      tick();
    }
  };
  const show = (tokens_generated: number) =>
    store.set(aState({ active: [{ ...call, tokens_generated }] }));
  return { store, tokens, pass, show };
}

test('silence is counted from the last token on', () => {
  const { tokens, pass, show } = watch(aState({ active: [call] }));
  expect(tokens.silentSeconds(key)).toBeNull();
  pass(1);
  show(6);
  pass(4);
  expect(tokens.silentSeconds(key)).toBeCloseTo(3.5, 5);
  show(7);
  pass(0.5);
  expect(tokens.silentSeconds(key)).toBe(0);
});

test('while nothing is heard no call falls silent', () => {
  const { tokens, pass } = watch(aState({ active: [call] }));
  pass(2);
  isStill = true;
  pass(60);
  isStill = false;
  pass(1);
  expect(tokens.silentSeconds(key)).toBeCloseTo(2.5, 5);
});

test('a few last rates are kept, and those of an ended call are forgotten', () => {
  const { store, tokens, pass } = watch(aState({ active: [call] }));
  pass(30);
  expect(tokens.ratesOf(key)).toEqual(Array.from({ length: SPARK_POINTS }, () => 40));
  store.set(aState({ active: [] }));
  pass(1);
  expect(tokens.ratesOf(key)).toEqual([]);
});
