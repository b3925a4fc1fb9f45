import type { Browser, CDPSession, Page } from 'playwright-core';

import type { Replay } from '../../helpers/replay.ts';
import { percentile } from '../measure.ts';

const ROW = '[data-testid="active-row"]';
const SAMPLES = 60;
const WARM_UP_MS = 3000;

/** Notes paints, layout shifts and slow events from the first moment on. */
const WATCH = `
  window.seen = { shift: 0, paint: 0, usable: 0, slowest: 0 };
  const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, durationThreshold: 16 });
  watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
  watch('paint', (entry) => { if (entry.name === 'first-contentful-paint') seen.paint = entry.startTime; });
  watch('event', (entry) => { if (entry.interactionId) seen.slowest = Math.max(seen.slowest, entry.duration); });
  const look = () => {
    if (!document.querySelector('${ROW}')) return requestAnimationFrame(look);
    requestAnimationFrame(() => { seen.usable = performance.now(); });
  };
  requestAnimationFrame(look);
`;

async function withPage<T>(
  browser: Browser,
  use: (page: Page, session: CDPSession) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(WATCH);
    return await use(page, await context.newCDPSession(page));
  } finally {
    await context.close();
  }
}

/** A first visit. @param slowdown of the processor */
export function measurePaint(
  browser: Browser,
  url: string,
  slowdown: number,
): Promise<{ firstPaintMs: number; usableMs: number }> {
  return withPage(browser, async (page, session) => {
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.goto(url);
    await page.waitForFunction('seen.usable > 0 && seen.paint > 0');
    const [firstPaintMs, usableMs] = await page.evaluate<[number, number]>(
      '[seen.paint, seen.usable]',
    );
    return { firstPaintMs, usableMs };
  });
}

/** From the send of one call's start to the frame that shows its row, the other calls standing still. */
export function measureLatency(
  browser: Browser,
  replay: Replay,
): Promise<{ p50: number; p99: number }> {
  return withPage(browser, async (page) => {
    const [first] = replay.snapshot.active;
    if (!first) throw new Error('the recording has no running call');
    await page.goto(replay.url);
    await page.locator(ROW).first().waitFor();
    const latencies: number[] = [];
    for (let i = 0; i < SAMPLES; i++) {
      // Older than all others: its row stands first, where it is drawn.
      const startedAt = new Date(Date.parse(first.started_at) - 60_000 - i).toISOString();
      const call = { ...first, id: `latency-${i}`, started_at: startedAt };
      const shown = page.evaluate<number>(`new Promise((resolve) => {
        const look = () => document.querySelector('[data-request-id="latency-${i}"]')
          ? requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()))
          : requestAnimationFrame(look);
        look();
      })`);
      const sentAt = performance.timeOrigin + performance.now();
      replay.send([['start', call]]);
      latencies.push((await shown) - sentAt);
      await page.waitForTimeout(100 + Math.random() * 100);
    }
    return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
  });
}

export interface LoadFigures {
  fps: number;
  longestFrameMs: number;
  mainThreadPercent: number;
  domNodes: number;
  layoutShift: number;
}

/** The whole recording, once it has warmed up. */
export function measureLoad(
  browser: Browser,
  replay: Replay,
  seconds: number,
): Promise<LoadFigures> {
  return withPage(browser, async (page, session) => {
    // What the main thread computes, not how long it waits for a processor that others use.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(replay.url);
    await page.locator(ROW).first().waitFor();
    const played = replay.play();
    await page.waitForTimeout(WARM_UP_MS);
    const halfMs = (seconds * 1000 - WARM_UP_MS - 1500) / 2;
    const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
      const frames = []; let last = performance.now(); const end = last + ${halfMs};
      const next = (now) => { frames.push(now - last); last = now; now < end ? requestAnimationFrame(next) : resolve(frames); };
      requestAnimationFrame(next);
    })`);
    // To ask for sixty frames a second is work of its own: the main thread is measured without.
    const [busyBefore, restBegan] = [await metric(session, 'TaskDuration'), performance.now()];
    await page.waitForTimeout(halfMs);
    const busyMs = ((await metric(session, 'TaskDuration')) - busyBefore) * 1000;
    const busyOfMs = performance.now() - restBegan;
    const domNodes = await page.evaluate<number>('document.querySelectorAll("*").length');
    await played;
    return {
      fps: (frames.length * 1000) / frames.reduce((sum, ms) => sum + ms, 0),
      longestFrameMs: Math.max(...frames),
      mainThreadPercent: (100 * busyMs) / busyOfMs,
      domNodes,
      layoutShift: await page.evaluate<number>('seen.shift'),
    };
  });
}

async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((each) => each.name === name)?.value ?? Number.NaN;
}

/** The slowest of what a visitor does: pages, a drawer, the theme. */
export function measureInteractions(browser: Browser, url: string): Promise<number> {
  return withPage(browser, async (page) => {
    await page.goto(url);
    await page.locator(ROW).first().waitFor();
    for (const name of ['Models', 'Apps', 'Hosts', 'Alerts', 'Live']) {
      await page
        .getByRole('link', { name: new RegExp(`^${name}\\b`) })
        .first()
        .click();
      await page.waitForTimeout(300);
    }
    await page.locator(`${ROW} a`).first().click();
    await page.getByTestId('drawer-close').click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.waitForTimeout(300);
    return page.evaluate<number>('seen.slowest');
  });
}
