import type { LiveOp } from '@llm-monitor/contracts/live';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';
import type { Browser, CDPSession, Page } from 'playwright-core';

import { startReplay, type Recording, type Replay } from '../../helpers/replay.ts';
import { answers } from '../../e2e/visual/sample-day.ts';
import { slopeOf } from '../measure.ts';

const TICK_MS = 50;
const EVENTS_PER_TICK = 10;
const SAMPLE_EVERY_MS = 30_000;
/** Of the whole time: what is compiled, and kept once, belongs to the start. */
const WARM_UP_PART = 0.2;

/** One look at the page at rest, after its garbage was collected. */
export interface MemorySample {
  minute: number;
  heapMb: number;
  domNodes: number;
  listeners: number;
}

export interface MemoryFigures {
  mbPerHour: number;
  samples: readonly MemorySample[];
}

/**
 * The heap over minutes of a page that is left open: calls begin and end without pause, and twice a minute somebody goes through its
 * pages, with their charts, and opens a call.
 */
export async function measureMemory(
  browser: Browser,
  recording: Recording,
  minutes: number,
  onSample: (sample: MemorySample) => void,
): Promise<MemoryFigures> {
  const replay = await startReplay(recording, { answers });
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(replay.url);
  const load = setInterval(rollingLoad(replay, recording), TICK_MS);
  const began = performance.now();
  const samples: MemorySample[] = [];
  try {
    while (performance.now() - began < minutes * 60_000) {
      await page.waitForTimeout(SAMPLE_EVERY_MS);
      await goThrough(page);
      const sample = await look(session, (performance.now() - began) / 60_000);
      samples.push(sample);
      onSample(sample);
    }
  } finally {
    clearInterval(load);
    await context.close();
    await replay.close();
  }
  const warm = samples.filter(({ minute }) => minute >= minutes * WARM_UP_PART);
  const slope = slopeOf(warm.map(({ minute, heapMb }) => [minute, heapMb]));
  return { mbPerHour: slope * 60, samples };
}

/** As many calls end as begin, and some tell their progress. All have the shape of those that were recorded. */
function rollingLoad(replay: Replay, { snapshot, frames }: Recording): () => void {
  const ops = frames.flatMap(({ frame }) => frame.ops);
  const start = ops.find((op) => op[0] === 'start')?.[1] as ActiveRequest | undefined;
  const end = ops.find((op) => op[0] === 'end')?.[1] as EndedRequest | undefined;
  if (!start || !end) throw new Error('nothing began or ended in the recording');
  let serial = 0;
  const running = snapshot.active.map(({ id, app }) => ({ id, app }));
  return () => {
    const now = new Date().toISOString();
    const changes: LiveOp[] = [];
    for (let i = 0; i < EVENTS_PER_TICK / 2; i++) {
      const ended = running.shift();
      if (ended) changes.push(['end', { ...end, ...ended, ended_at: now }]);
      const begun = { id: `rolling-${serial++}`, app: `app-${serial % 5}` };
      running.push(begun);
      changes.push(['start', { ...start, ...begun, started_at: now }]);
    }
    for (const { id, app } of running.slice(0, EVENTS_PER_TICK)) {
      changes.push(['progress', `${id}:${app}`, 'generating', serial, 30 + (serial % 7), null]);
    }
    replay.send(changes);
  };
}

async function goThrough(page: Page): Promise<void> {
  for (const name of ['History', 'Models', 'Apps', 'Hosts', 'Alerts', 'Settings', 'Live']) {
    await page
      .getByRole('link', { name: new RegExp(`^${name}\\b`) })
      .first()
      .click();
    await page.waitForTimeout(500);
  }
  await page.getByTestId('history-row').first().getByRole('link').click();
  await page.getByTestId('drawer-close').click();
  await page.waitForTimeout(2000);
}

async function look(session: CDPSession, minute: number): Promise<MemorySample> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  return {
    minute,
    heapMb: metric('JSHeapUsedSize') / 1e6,
    domNodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  };
}
