import type { Host } from '@llm-monitor/contracts/rest';
import { expect, test } from 'vitest';

import type { ReadContext } from './alert-metric-reader.ts';
import { modelGone } from './model-gone.ts';

const T0 = 1_700_000_000_000;
const HOUR_MS = 3_600_000;

/** Looks at one host again and again. */
function createWatch() {
  let memory: unknown;
  return async (models: string[], nowMs: number, over: Partial<Host> = {}) => {
    const host = { name: 'h', online: true, server: null, models_available: models, ...over };
    const context: Partial<ReadContext> = {
      ...{ nowMs, windowMs: HOUR_MS },
      hosts: async () => [host as Host],
      // As it comes out of the store.
      memory: {
        get: () => (memory === undefined ? undefined : JSON.parse(JSON.stringify(memory))),
        set: (value) => void (memory = value),
      },
    };
    const { readings } = await modelGone.read(context as ReadContext);
    return Object.fromEntries(
      readings.map(({ of, value, isHeld }) => [of['model'], isHeld ? 'held' : value]),
    );
  };
}

test('a model is gone when it was listed lately and is not now, until that is too long ago', async () => {
  const look = createWatch();
  expect(await look(['a', 'b'], T0)).toEqual({ a: 0, b: 0 });
  expect(await look(['a'], T0 + 5000)).toEqual({ a: 0, b: 1 });
  expect(await look(['a'], T0 + HOUR_MS)).toEqual({ a: 0, b: 1 });
  expect(await look(['a'], T0 + HOUR_MS + 1)).toEqual({ a: 0, b: 0 });
  expect(await look(['a', 'b'], T0 + HOUR_MS + 2)).toEqual({ a: 0, b: 0 });
  expect(await look([], T0 + 26 * HOUR_MS)).toEqual({});
});

test('where the server cannot be asked nothing is gone', async () => {
  const look = createWatch();
  await look(['a'], T0);
  const server = { reachable: false } as Host['server'];
  expect(await look([], T0 + 5000, { server })).toEqual({ a: 'held' });
  expect(await look([], T0 + 5000, { online: false })).toEqual({ a: 'held' });
});
