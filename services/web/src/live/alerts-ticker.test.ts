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
