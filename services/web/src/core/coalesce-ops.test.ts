import type { FeedOp } from '@llm-monitor/contracts/live';
import { BITS } from '@llm-monitor/contracts/redis';
import { toActiveRequest, toEndedRequest } from '@llm-monitor/contracts/rest';
import { describe, expect, test } from 'vitest';

import { coalesceOps, keyOfOp } from './coalesce-ops.ts';

const record = (id: string) => ({
  id,
  app: 'shop',
  model: 'phi3',
  bits: BITS.start,
  startedAtMs: 0,
});
const start = (id: string): FeedOp => ['start', toActiveRequest(record(id), undefined, 0)];
const first = (id: string, seconds: number): FeedOp => ['first', `${id}:shop`, seconds];
const end = (id: string, outcome: 'completed' | 'orphaned' = 'completed'): FeedOp => [
  'end',
  toEndedRequest({ ...record(id), bits: BITS.start | BITS.end, outcome }),
];

describe('changes of one call', () => {
  test('are one start that knows its first token, in either order', () => {
    for (const ops of [
      [start('a'), first('a', 0.5)],
      [first('a', 0.5), start('a')],
    ]) {
      const [op, ...others] = coalesceOps(ops);
      expect(others).toEqual([]);
      expect(op?.[0]).toBe('start');
      expect(op?.[1]).toMatchObject({ phase: 'generating', time_to_first_token: 0.5 });
    }
  });

  test('are its end once it has ended, in any order', () => {
    const [s, f, e] = [start('a'), first('a', 0.5), end('a')];
    for (const ops of [
      [s, f, e],
      [e, f, s],
      [f, e, s],
    ]) {
      expect(coalesceOps(ops)).toEqual([e]);
    }
  });

  test('are its later end when a call that was given up ends after all', () => {
    expect(coalesceOps([end('a', 'orphaned'), end('a')])).toEqual([end('a')]);
  });

  test('keep the prompt of the start, which an end need not repeat', () => {
    const asked: FeedOp = [
      'start',
      toActiveRequest({ ...record('a'), promptPreview: 'Why?', promptChars: 4 }, undefined, 0),
    ];
    for (const ops of [
      [asked, end('a')],
      [end('a'), asked],
    ]) {
      const [op] = coalesceOps(ops);
      expect(op?.[1]).toMatchObject({ prompt: 'Why?', prompt_chars: 4, outcome: 'completed' });
      expect(op?.[1]).not.toHaveProperty('prefill_percent');
    }
  });

  test('keep the first token of a start that is told again', () => {
    const [op] = coalesceOps([start('a'), first('a', 0.5), start('a')]);
    expect(op?.[1]).toMatchObject({ time_to_first_token: 0.5 });
  });
});

test('changes of different calls, or of the same id in different apps, stay apart', () => {
  const other: FeedOp = ['first', 'a:office', 1];
  const ops = [start('a'), start('b'), other];
  expect(coalesceOps(ops)).toEqual(ops);
  expect(new Set(ops.map(keyOfOp))).toEqual(new Set(['a:shop', 'b:shop', 'a:office']));
});
