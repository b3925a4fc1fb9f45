import { BITS, type RequestRecord, type StoredProgress } from '@llm-monitor/contracts/redis';
import { describe, expect, test } from 'vitest';

import type { RunningCall } from './judge-running.ts';
import { isAhead, isHolding, plainModel } from './queue-order.ts';

function call(fields: Partial<RequestRecord> = {}, phase?: string): RunningCall {
  const progress = { atMs: 0, phase: phase ?? '', chunks: 0, chars: 0 } satisfies StoredProgress;
  return {
    record: {
      ...{ bits: BITS.start, id: 'other-1', app: 'shop', model: 'm', host: 'box' },
      ...{ startedAtMs: 1000, ...fields },
    },
    progress: phase === undefined ? undefined : progress,
  };
}
const mine = call({ id: 'mine-1', startedAtMs: 2000 }, 'queued');

test('a call has a slot while it generates, its prompt is read or its model is loaded for it', () => {
  expect(isHolding(call({ bits: BITS.start | BITS.firstToken }))).toBe(true);
  const phases = ['prompt', 'loading', 'queued', 'waiting', undefined];
  expect(phases.map((phase) => isHolding(call({}, phase)))).toEqual([
    ...[true, true, false, false, false],
  ]);
});

describe('ahead of a call', () => {
  test('is who came before, and who has a slot, whenever it came', () => {
    expect(isAhead(call({ startedAtMs: 1999 }, 'queued'), mine)).toBe(true);
    expect(isAhead(call({ startedAtMs: 2000 }, 'queued'), mine)).toBe(false);
    expect(isAhead(call({ startedAtMs: 2001 }), mine)).toBe(false);
    expect(isAhead(call({ startedAtMs: 2001 }, 'prompt'), mine)).toBe(true);
    const { startedAtMs: _, ...timeless } = call().record;
    expect(isAhead({ record: timeless, progress: undefined }, mine)).toBe(false);
  });

  test('is not the call itself, but one of another app that has the same id', () => {
    expect(isAhead(call({ id: 'mine-1' }), mine)).toBe(false);
    expect(isAhead(call({ id: 'mine-1', app: 'other' }), mine)).toBe(true);
  });

  test('is nobody at another model or machine, whatever these are called', () => {
    expect(isAhead(call({ model: 'm2' }), mine)).toBe(false);
    expect(isAhead(call({ model: 'm:latest' }), mine)).toBe(true);
    expect(isAhead(call({ host: 'other' }), mine)).toBe(false);
    for (const serverAddress of ['127.0.0.1', '127.3.2.1', 'LOCALHOST', '::1', '[::1]']) {
      expect(isAhead(call({ serverAddress }), mine), serverAddress).toBe(true);
    }
    expect(isAhead(call({ serverAddress: '10.0.0.9' }), mine)).toBe(false);
    const away = call({ id: 'mine-1', startedAtMs: 2000, serverAddress: '10.0.0.9' });
    expect(isAhead(call({ serverAddress: '10.0.0.9', host: 'other' }), away)).toBe(true);
  });
});

test('a model without a tag is its latest', () => {
  expect(['m', 'm:latest', 'm:7b', 'm:latest-2'].map(plainModel)).toEqual([
    ...['m', 'm', 'm:7b', 'm:latest-2'],
  ]);
});
