import { once } from 'node:events';

import { createKeys } from '@llm-monitor/contracts/redis';
import { Redis } from 'ioredis';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { createFeedWriter } from '../helpers/feed-writer.ts';
import { openLiveClient } from '../helpers/live-client.ts';
import { readLiveHeap, WITH_INSPECTOR } from '../helpers/live-heap.ts';
import { publish } from '../helpers/publish.ts';
import { renderersOf, startBrowser } from '../helpers/start-browser.ts';
import { startService } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const LONG = { timeoutMs: 60_000 };
const MOST_HELD_MIB = 10;

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let browser: Dashboard['browser'];
let page: Dashboard['page'];

useDashboard(async (dashboard) => {
  ({ stack, bus, browser, page } = dashboard);
  const calls = Array.from({ length: 60 }, (_, i) => aCall({ requestId: `ended-call-${i}` }));
  await publish(
    bus,
    calls.flatMap((call) => [call.started(), call.completed()]),
  );
  await publish(bus, [aCall({ requestId: 'running-call' }).started()]);
});

const state = () => page.getByTestId('connection-state').getAttribute('data-state');
const isState = (wanted: string) =>
  waitFor(`the page to be ${wanted}`, async () => (await state()) === wanted, LONG);
const rows = () => page.getByTestId('history-row');
const running = () => page.getByTestId('active-row');

beforeEach(async () => {
  await page.goto(stack.web.url);
  await isState('live');
  await rows().first().waitFor();
  await page.evaluate('window.isSame = true');
});

test('a server that hangs is told as stale, then as gone; what was shown stays, and comes alive again', async () => {
  const began = Date.now();
  process.kill(stack.web.pid, 'SIGSTOP');
  try {
    await isState('stale');
    expect(await page.getByTestId('connection-state').innerText()).toMatch(/\d\ss ago/);
    await isState('reconnecting');
    expect(Date.now() - began).toBeLessThan(40_000);
    expect(await rows().count()).toBe(25);
    expect(await running().count()).toBe(1);
  } finally {
    process.kill(stack.web.pid, 'SIGCONT');
  }
  await isState('live');
  expect(await page.evaluate('window.isSame')).toBe(true);
});

test('after a restart of the server the page is where it was: scroll, drawer, focus', async () => {
  await page.evaluate('scrollTo(0, 400)');
  await rows().nth(5).getByRole('link').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('call-drawer').waitFor();
  const address = page.url();
  const top = await page.evaluate<number>('scrollY');
  const { port } = stack.web;
  await stack.web.stop('SIGKILL');
  await waitFor('the badge', async () => (await state()) === 'reconnecting');
  stack.web = await startService('web', {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url, API_URL: stack.api.url },
    PORT: String(port),
  });
  await isState('live');
  expect(page.url()).toBe(address);
  expect(await page.getByTestId('call-drawer').count()).toBe(1);
  expect(await page.evaluate<number>('scrollY')).toBe(top);
  await page.keyboard.press('Escape');
  await page.getByTestId('call-drawer').waitFor({ state: 'detached' });
  const focused = 'document.activeElement.closest("[data-request-id]") !== null';
  expect(await page.evaluate<boolean>(focused)).toBe(true);
});

test.each([10, -10])(
  'a clock that is %i minutes off is told, and moves no running time',
  async (minutes) => {
    const context = await browser.newContext({ locale: 'en-GB' });
    await context.addInitScript(`{
    const now = Date.now.bind(Date);
    Date.now = () => now() + ${minutes * 60_000};
  }`);
    const other = await context.newPage();
    await other.goto(stack.web.url);
    await other.getByText('clock differs').waitFor();
    expect(await other.getByText('clock differs').innerText()).toMatch(/by (9|10)\s?m/);
    const elapsed = await other.getByTestId('active-row').locator('.is-time').innerText();
    expect(elapsed).toMatch(/^\d+\.\d\ss$|^[0-3]\sm \d\d\ss$/);
    await context.close();
  },
);

test('a chosen theme is there before anything is painted', async () => {
  const context = await browser.newContext({ colorScheme: 'light' });
  await context.addInitScript(`
    localStorage.setItem('llm-monitor.theme', 'dark');
    new PerformanceObserver(() => {
      window.themeAtPaint ??= document.documentElement.dataset.theme;
    }).observe({ type: 'paint', buffered: true });
  `);
  const other = await context.newPage();
  await other.goto(stack.web.url);
  await waitFor('the first paint', () =>
    other.evaluate<boolean>('window.themeAtPaint !== undefined'),
  );
  expect(await other.evaluate('window.themeAtPaint')).toBe('dark');
  await context.close();
});

test('who wants less motion gets none', async () => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const other = await context.newPage();
  await other.goto(stack.web.url);
  await other.getByTestId('history-row').first().waitFor();
  const moving = await other.evaluate<number>(`document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().duration > 50).length`);
  expect(moving).toBe(0);
  await context.close();
});

test('there is one region that speaks, on every page, and targets are large enough', async () => {
  for (const path of ['/', '/history', '/models', '/apps', '/hosts', '/alerts', '/settings']) {
    await page.goto(stack.web.url + path);
    await isState('live');
    expect(await page.locator('[role="status"]:not(#content *)').count()).toBe(1);
    // Where something can be changed, it is said there what came of it.
    if (!['/alerts', '/settings'].includes(path)) {
      expect(await page.locator('#content [role="status"]').count()).toBe(0);
    }
    const small = await page.evaluate<
      string[]
    >(`[...document.querySelectorAll('button, select, summary, input')]
      .filter((each) => each.offsetParent !== null && !['radio', 'checkbox'].includes(each.type))
      .filter((each) => { const { width, height } = each.getBoundingClientRect(); return width < 24 || height < 24; })
      .map((each) => each.outerHTML.slice(0, 120))`);
    expect(small).toEqual([]);
  }
});

test('a page whose renderer stands still costs the server little, and is right when it goes on', async () => {
  const env = {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url, API_URL: stack.api.url },
    ...WITH_INSPECTOR,
  };
  // What one holds for the page is what the other, which has none, does not hold.
  const [web, other] = await Promise.all([startService('web', env), startService('web', env)]);
  const own = await startBrowser();
  const redis = new Redis(stack.redis.url);
  const readers = [web, other].map(({ url }) => openLiveClient(url));
  onTestFinished(async () => {
    for (const reader of readers) reader.close();
    redis.disconnect();
    await own.close();
    await Promise.all([web.stop(), other.stop()]);
  });
  const still = await own.newPage({ locale: 'en-GB' });
  await still.goto(web.url);
  await still.getByTestId('active-row').waitFor();
  await still.evaluate('window.isSame = true');
  const renderers = await renderersOf(own);
  await waitFor('the readers', () => readers.every(({ snapshots }) => snapshots.length > 0));
  const feed = createFeedWriter(redis, createKeys({ shards: 1 }));
  for (const pid of renderers) process.kill(pid, 'SIGSTOP');
  try {
    // Far more than the system and the browser take for a page that reads nothing.
    for (let i = 0; i < 24; i++) {
      const ids = await feed.startMany({ calls: 20, promptChars: 40_000 });
      await waitFor('others to see it', () =>
        readers.every(({ running }) => running.has(ids[19]!)),
      );
    }
    const [held, without] = [await readLiveHeap(web), await readLiveHeap(other)];
    expect(held - without).toBeLessThanOrEqual(MOST_HELD_MIB);
  } finally {
    for (const pid of renderers) process.kill(pid, 'SIGCONT');
  }
  await publish(bus, [aCall({ requestId: 'call-after-the-stop' }).started()]);
  await still.locator('[data-request-id="call-after-the-stop"]').waitFor();
  const ids = await still
    .getByTestId('active-row')
    .evaluateAll((all) =>
      all.map(
        (row) => (row as unknown as { dataset: Record<string, string> }).dataset['requestId'],
      ),
    );
  expect(ids).toEqual(['running-call', 'call-after-the-stop']);
  expect(await still.evaluate('window.isSame')).toBe(true);
});

test('a store that begins anew is shown as it is, without a load of the page', async () => {
  const redis = new Redis(stack.redis.url, { lazyConnect: true });
  await redis.connect();
  await redis.flushall();
  redis.disconnect();
  await once(redis, 'end');
  await waitFor('the old rows to go', async () => (await rows().count()) === 0, LONG);
  await publish(bus, [aCall({ requestId: 'call-of-a-new-life' }).started()]);
  await waitFor('the new call', async () => {
    return (await page.locator('[data-request-id="call-of-a-new-life"]').count()) === 1;
  });
  expect(await page.evaluate('window.isSame')).toBe(true);
});
