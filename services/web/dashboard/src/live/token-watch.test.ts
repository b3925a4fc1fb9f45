import { callKey, type LiveState } from '@llm-monitor/contracts/live';
import { aState, anActiveCall } from '@llm-monitor/contracts/live/samples';
import { beforeEach, expect, test } from 'vitest';

import { createStore } from '../store/store.ts';
import { createTokenWatch, SPARK_POINTS } from './token-watch.ts';

const call = anActiveCall({ phase: 'generating', tokens_generated: 5, tokens_per_second: 40 });
const key = callKey(call);
let nowMs: number;
let isStill: boolean;
const SERVER_AHEAD_MS = Date.UTC(2026, 4, 1, 10);
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
    serverMs: () => SERVER_AHEAD_MS + nowMs,
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

const agoAt = (seconds: number) => new Date(SERVER_AHEAD_MS + nowMs - seconds * 1000).toISOString();

test('a page that was just loaded knows from the server for how long a call has been silent', () => {
  const silent = { ...call, last_token_at: agoAt(14) };
  const { store, tokens, pass } = watch(aState({ active: [silent] }));
  pass(1);
  expect(tokens.silentSeconds(key)).toBeCloseTo(15, 5);
  store.set(aState({ active: [{ ...silent, tokens_generated: 6 }] }));
  pass(0.5);
  expect(tokens.silentSeconds(key)).toBe(0);
  pass(3);
  expect(tokens.silentSeconds(key)).toBeCloseTo(3, 5);
});

test('a later snapshot corrects what the page has seen', () => {
  const { store, tokens, pass } = watch(aState({ active: [call] }));
  pass(2);
  store.set(aState({ active: [{ ...call, tokens_generated: 9, last_token_at: agoAt(20) }] }));
  pass(0.5);
  expect(tokens.silentSeconds(key)).toBeCloseTo(20.5, 5);
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
  const { store, tokens, pass, show } = watch(aState({ active: [call] }));
  for (let second = 0; second < 30; second++) {
    show(call.tokens_generated + second);
    pass(1);
  }
  expect(tokens.ratesOf(key)).toEqual(Array.from({ length: SPARK_POINTS }, () => 40));
  store.set(aState({ active: [] }));
  pass(1);
  expect(tokens.ratesOf(key)).toEqual([]);
});

test('a rate that was told is 0 once the stream stands still, and a slow stream has its pauses', () => {
  const slow = { ...call, id: 'slow', tokens_per_second: 0.5 };
  const untold = { ...call, id: 'untold', tokens_per_second: null };
  const { tokens, pass } = watch(aState({ active: [call, slow, untold] }));
  pass(3);
  expect([call, slow, untold].map(tokens.rateOf)).toEqual([40, 0.5, null]);
  pass(2);
  expect([call, slow].map(tokens.rateOf)).toEqual([0, 0.5]);
  expect(tokens.ratesOf(key).slice(-2)).toEqual([0, 0]);
  pass(10);
  expect(tokens.rateOf(slow)).toBe(0);
});
