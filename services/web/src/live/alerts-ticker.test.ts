import type { AlertsNow } from '@llm-monitor/contracts/alerts';
import { expect, test } from 'vitest';

import { createAlertsTicker } from './alerts-ticker.ts';

test('what fires is told when it changes, and once more for who came just then', async () => {
  let nowMs = 0;
  let alerts: AlertsNow = { evaluated: true, items: [] };
  let told = 0;
  const ticker = createAlertsTicker({
    figures: { readAlerts: () => Promise.resolve(alerts) },
    feed: { sendFigures: () => void told++ },
    isWatched: (demo) => !demo,
    monotonicMs: () => nowMs,
    log: { debug: () => undefined },
  });
  const pass = async (seconds: number) => {
    told = 0;
    for (let i = 0; i < seconds * 2; i++) {
      nowMs += 500;
      await ticker.tick();
    }
    return told;
  };
  expect(await pass(4)).toBe(1);
  expect(await pass(60)).toBe(1);
  alerts = { ...alerts, evaluated: false };
  expect(await pass(1)).toBe(1);
  expect(await pass(60)).toBe(1);
});

test('a look that failed is in the log, and followed by the next', async () => {
  const faults: unknown[] = [];
  const answers: Promise<AlertsNow>[] = [
    Promise.reject(new Error('no such thing')),
    Promise.resolve({ evaluated: true, items: [] }),
  ];
  let told = 0;
  const ticker = createAlertsTicker({
    figures: { readAlerts: () => answers.shift() ?? Promise.reject(new Error('too often')) },
    feed: { sendFigures: () => void told++ },
    isWatched: (demo) => !demo,
    monotonicMs: () => 0,
    log: { debug: (...said: unknown[]) => void faults.push(said) },
  });
  await ticker.tick();
  expect(faults).toEqual([
    [{ err: new Error('no such thing') }, 'alerts could not be read; again soon'],
  ]);
  await ticker.tick();
  expect(told).toBe(1);
});
