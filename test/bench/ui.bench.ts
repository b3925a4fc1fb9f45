// The dashboard in a real browser against its budgets: bytes, paint, event → pixel, frames under load, main thread, Lighthouse.
// With `--memory-minutes 30` only its memory, over so many minutes.
// Load is replayed from frames that a real web service sent a moment before, so that the stack does not take the browser's cores.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import type { Browser } from 'playwright-core';

import { startBrowser } from '../helpers/start-browser.ts';
import { startReplay, type Recording, type Replay } from '../helpers/replay.ts';
import { printTable, median } from './measure.ts';
import { bundleSizes } from './ui/bundle-sizes.ts';
import {
  measureInteractions,
  measureLatency,
  measureLoad,
  measurePaint,
} from './ui/measure-page.ts';
import { measureMemory } from './ui/measure-memory.ts';
import { installLighthouse, measurePages } from './ui/measure-pages.ts';
import { recordFrames } from './ui/record-frames.ts';

const RUNS = 3;
const ACTIVE = 1000;
const EVENTS_PER_SECOND = 1000;
const LOAD_SECONDS = 15;
const MEMORY_BUDGET_MB = 5;
const LEAST_SCORES: Readonly<Record<string, number>> = { performance: 95 };

const { values: options } = parseArgs({ options: { 'memory-minutes': { type: 'string' } } });
const memoryMinutes = Number(options['memory-minutes'] ?? 0);

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
  note('interaction to next paint', 'ms', await measureInteractions(browser, replay.url), 200);
}

async function measureAll(browser: Browser, recording: Recording): Promise<void> {
  for (const { what, bytes, budget } of bundleSizes()) note(what, 'kB', bytes / 1000, budget);
  for (let run = 1; run <= RUNS; run++) {
    process.stdout.write(`run ${run} of ${RUNS}\n`);
    const replay = await startReplay(recording);
    await measure(browser, replay);
    await replay.close();
  }
}

async function judgePages(): Promise<void> {
  process.stdout.write(`${installLighthouse()}\n`);
  const faults = new Set<string>();
  for (const { page, category, score, faults: found } of await measurePages(RUNS)) {
    note(`${category} of ${page}`, '', score, LEAST_SCORES[category] ?? 100, true);
    for (const fault of found) faults.add(`${page}, ${category}: ${fault}`);
  }
  for (const fault of faults) process.stdout.write(`${fault}\n`);
}

async function watchMemory(browser: Browser, recording: Recording): Promise<void> {
  const figures = await measureMemory(browser, recording, memoryMinutes, (sample) => {
    const { minute, heapMb, domNodes, listeners } = sample;
    process.stdout.write(
      `${minute.toFixed(1)} min: ${heapMb.toFixed(2)} MB, ${domNodes} nodes, ${listeners} listeners\n`,
    );
  });
  note('memory, grown in an hour', 'MB', figures.mbPerHour, MEMORY_BUDGET_MB);
}

process.stdout.write('recording frames of a real stack …\n');
const recording = await recordFrames({
  active: ACTIVE,
  eventsPerSecond: EVENTS_PER_SECOND,
  seconds: LOAD_SECONDS,
});
process.stdout.write(`${recording.frames.length} frames, ${recording.ops} changes\n`);
const browser = await startBrowser();
if (memoryMinutes > 0) await watchMemory(browser, recording);
else await measureAll(browser, recording);
await browser.close();
if (!(memoryMinutes > 0)) await judgePages();
process.stdout.write(
  `Chromium ${browser.version()}, Node ${process.versions.node}, ${cpus().length} cores, medians of ${RUNS}\n\n`,
);
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
