// The dashboard in a real browser against its budgets: bytes, paint, event → pixel, frames under load, main thread, memory.
// Load is replayed from frames that a real web service sent a moment before, so that the stack does not take the browser's cores.
import { cpus } from 'node:os';

import type { Browser } from 'playwright-core';

import { startBrowser } from '../helpers/start-browser.ts';
import { startReplay, type Replay } from '../helpers/replay.ts';
import { printTable, median } from './measure.ts';
import { bundleSizes } from './ui/bundle-sizes.ts';
import {
  measureInteractions,
  measureLatency,
  measureLoad,
  measurePaint,
} from './ui/measure-page.ts';
import { recordFrames } from './ui/record-frames.ts';

const RUNS = 3;
const ACTIVE = 1000;
const EVENTS_PER_SECOND = 1000;
const LOAD_SECONDS = 15;

interface Row {
  what: string;
  unit: string;
  values: number[];
  budget: number;
  /** whether more is better */
  atLeast?: boolean;
}

const rows = new Map<string, Row>();

function note(what: string, unit: string, value: number, budget: number, atLeast = false): void {
  const row = rows.get(what) ?? { what, unit, values: [], budget, atLeast };
  rows.set(what, row);
  row.values.push(value);
}

async function measure(browser: Browser, replay: Replay): Promise<void> {
  const plain = await measurePaint(browser, replay.url, 1);
  note('first paint', 'ms', plain.firstPaintMs, 400);
  note(
    'first paint, CPU × 4',
    'ms',
    (await measurePaint(browser, replay.url, 4)).firstPaintMs,
    900,
  );
  note(`snapshot of ${ACTIVE} running calls usable`, 'ms', plain.usableMs, 1000);
  const latency = await measureLatency(browser, replay);
  note('event to pixel, p50', 'ms', latency.p50, 100);
  note('event to pixel, p99', 'ms', latency.p99, 250);
  const load = await measureLoad(browser, replay, LOAD_SECONDS);
  note('frames a second under load', 'fps', load.fps, 55, true);
  note('longest frame under load', 'ms', load.longestFrameMs, 100);
  note('main thread under load', '%', load.mainThreadPercent, 25);
  note('DOM nodes under load', '', load.domNodes, 1500);
  note('layout shift', '', load.layoutShift, 0.02);
  note('memory, an hour extrapolated', 'MB', load.memoryMbPerHour, 5);
  note('interaction to next paint', 'ms', await measureInteractions(browser, replay.url), 200);
}

for (const { what, bytes, budget } of bundleSizes()) note(what, 'kB', bytes / 1000, budget);
process.stdout.write('recording frames of a real stack …\n');
const recording = await recordFrames({
  active: ACTIVE,
  eventsPerSecond: EVENTS_PER_SECOND,
  seconds: LOAD_SECONDS,
});
process.stdout.write(`${recording.frames.length} frames, ${recording.ops} changes\n`);
const browser = await startBrowser();
for (let run = 1; run <= RUNS; run++) {
  process.stdout.write(`run ${run} of ${RUNS}\n`);
  const replay = await startReplay(recording);
  await measure(browser, replay);
  await replay.close();
}
process.stdout.write(
  `Chromium ${browser.version()}, Node ${process.versions.node}, ${cpus().length} cores, medians of ${RUNS}\n\n`,
);
await browser.close();
printTable([
  ['', 'measured', 'budget', 'verdict'],
  ...[...rows.values()].map(({ what, unit, values, budget, atLeast }) => {
    const value = median(values);
    const isMet = atLeast ? value >= budget : value <= budget;
    const digits = Math.abs(value) < 1 ? 3 : 1;
    return [
      what,
      `${value.toFixed(digits)} ${unit}`,
      `${atLeast ? '≥' : '≤'} ${budget} ${unit}`,
      isMet ? 'met' : 'MISSED',
    ];
  }),
]);
