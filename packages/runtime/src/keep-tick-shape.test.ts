import { createHook } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, test } from 'vitest';

import { keepTickShape } from './keep-tick-shape.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('one tick outlives the collection of garbage, which all others do not', async () => {
  const ticks: WeakRef<object>[] = [];
  const hook = createHook({
    init(_id, type, _trigger, tick: object) {
      if (type === 'TickObject') ticks.push(new WeakRef(tick));
    },
  }).enable();
  keepTickShape();
  process.nextTick(() => undefined);
  hook.disable();
  await setImmediate();
  collectGarbage();
  expect(ticks.map((tick) => tick.deref() !== undefined)).toEqual([true, false]);
});
