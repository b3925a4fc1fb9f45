import type { LiveOp } from '@llm-monitor/contracts/live';
import { expect, test } from 'vitest';

import { createFiguresTicker } from './figures-ticker.ts';

/** Two figures of the real view, which somebody watches. */
function start() {
  let nowMs = 0;
  let position = ['1-0'];
  let running = 1;
  let isBroken = false;
  const faults: unknown[][] = [];
  const sent: (readonly LiveOp[])[] = [];
  const ticker = createFiguresTicker({
    figures: {
      readTotals: () =>
        isBroken
          ? Promise.reject(new Error('no such thing'))
          : Promise.resolve([
              ['demoRunning', running],
              ['hosts', []],
            ] as unknown as LiveOp[]),
    },
    feed: { position: () => position, sendFigures: (_, ops) => void sent.push(ops) },
    isWatched: (demo) => !demo,
    monotonicMs: () => nowMs,
    log: { debug: (...said: unknown[]) => void faults.push(said) },
  });
  return {
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        nowMs += 1000;
        ticker.tick();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return sent.splice(0).map((ops) => ops.map(([name]) => name));
    },
    change(to: number) {
      running = to;
      position = [`${to}-0`];
    },
    break: (broken: boolean) => void (isBroken = broken),
    faults,
  };
}

test('all figures are told now and then, and what changed as soon as something did', async () => {
  const { pass, change } = start();
  const all = ['demoRunning', 'hosts'];
  expect(await pass(1)).toEqual([all]);
  expect(await pass(4)).toEqual([]);
  change(2);
  expect(await pass(1)).toEqual([all]);
  change(3);
  expect(await pass(1)).toEqual([['demoRunning']]);
  expect(await pass(3)).toEqual([]);
});

test('a look that failed is in the log, and followed by the next', async () => {
  const ticker = start();
  ticker.break(true);
  expect(await ticker.pass(2)).toEqual([]);
  const said = [{ err: new Error('no such thing') }, 'figures could not be read; again soon'];
  expect(ticker.faults).toEqual([said, said]);
  ticker.break(false);
  expect(await ticker.pass(1)).toHaveLength(1);
});
