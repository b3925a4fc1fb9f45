import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects all that is garbage, and lets whoever waits for that be told. */
export async function collectGarbage(): Promise<void> {
  // What promises and weak references hold is garbage a turn later.
  for (let turn = 0; turn < 5; turn += 1) {
    await setImmediate();
    collect();
  }
  await setImmediate();
}
