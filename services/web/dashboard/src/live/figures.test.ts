import type { ActiveRequest } from '@llm-monitor/contracts/rest';
import { anActiveCall, anEndedCall } from '@llm-monitor/contracts/live/samples';
import { describe, expect, test } from 'vitest';

import {
  countByModel,
  countByPhase,
  meanOf,
  responseTimes,
  sampleOf,
  throughputOf,
} from './figures.ts';

test('a model that was only loaded or pulled has no mean, and not one of 0', () => {
  expect(meanOf({ avg_response_time: 0, p95: null })).toBeNull();
  expect(meanOf({ avg_response_time: 0, p95: 0.0004 })).toBe(0);
  expect(meanOf({ avg_response_time: 1.5, p95: 2 })).toBe(1.5);
});

describe('tokens per second now', () => {
  const told = (call: ActiveRequest) => call.tokens_per_second;

  test('are the sum over generating calls', () => {
    const calls = [
      anActiveCall({ phase: 'generating', tokens_per_second: 20 }),
      anActiveCall({ phase: 'generating', tokens_per_second: 12.5 }),
      anActiveCall({ phase: 'generating' }),
      anActiveCall({ phase: 'waiting', tokens_per_second: 99 }),
    ];
    expect(throughputOf(calls, told)).toEqual({ generating: 3, tokensPerSecond: 32.5 });
  });

  test('are 0 when nothing generates, and unknown when no call has told its rate', () => {
    expect(throughputOf([], told).tokensPerSecond).toBe(0);
    expect(throughputOf([anActiveCall({ phase: 'generating' })], told).tokensPerSecond).toBeNull();
  });
});

describe('a sample', () => {
  test('of nothing has no percentiles', () => {
    expect(sampleOf([])).toBeNull();
  });

  test('has observed values as percentiles, and its size', () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(sampleOf(values)).toEqual({ n: 100, p50: 50, p95: 95 });
    expect(sampleOf([3])).toEqual({ n: 1, p50: 3, p95: 3 });
  });
});

test('response times are those of completed inferences alone', () => {
  const recent = [
    anEndedCall({ duration: 2 }),
    anEndedCall({ duration: 9, status: 'failed' }),
    anEndedCall({ duration: 7, operation: 'load' }),
  ];
  expect(responseTimes(recent)).toEqual([2]);
});

test('phases can be counted together', () => {
  const calls = [
    anActiveCall({ phase: 'queued' }),
    anActiveCall(),
    anActiveCall({ phase: 'loading' }),
  ];
  const counts = countByPhase(calls, (phase) => (phase === 'queued' ? 'waiting' : phase));
  expect(Object.fromEntries(counts)).toEqual({ waiting: 2, loading: 1 });
});

test('running calls are counted by model', () => {
  const calls = [
    anActiveCall(),
    anActiveCall({ id: 'request-2' }),
    anActiveCall({ model: 'phi3' }),
  ];
  expect(Object.fromEntries(countByModel(calls))).toEqual({ 'llama3.2:3b': 2, phi3: 1 });
});
