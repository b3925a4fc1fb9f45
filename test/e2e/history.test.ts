import { readFile } from 'node:fs/promises';

import { createKeys, RESOURCES_FIELD } from '@llm-monitor/contracts/redis';
import type { EndedRequest, Status } from '@llm-monitor/contracts/rest';
import { parse } from 'csv-parse/sync';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { createLoad } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { createSeeder } from '../helpers/seed-store.ts';
import { startService } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const CALLS = 1000;

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let page: Dashboard['page'];
let problems: string[];

useDashboard(async (dashboard) => {
  ({ stack, bus, page, problems } = dashboard);
  const load = createLoad({ seed: 5, calls: CALLS, share: { running: 0 } });
  const special = aCall({ app: 'chat', requestId: 'special-call' });
  await publish(bus, [
    ...load.events,
    special.started({ promptPreview: '=1+1 about bees', sessionId: 'session-7' }),
    special.completed({ sessionId: 'session-7' }),
  ]);
  await waitFor('all calls to have ended', async () => {
    const answer = await fetch(`${stack.api.url}/api/status`);
    const status = (await answer.json()) as Status;
    return status.total_requests === CALLS + 1 && status.active_requests === 0;
  });
});

const open = (query: string) => page.goto(`${stack.web.url}/history${query}`);
const rows = () => page.getByTestId('history-row');
const filterOf = () => new URL(page.url()).search;
const shownIds = () =>
  rows().evaluateAll((all) =>
    all.map((row) => (row as unknown as { dataset: Record<string, string> }).dataset['requestId']),
  );

/** What the API says fits, newest first. */
async function fitting(query: string): Promise<EndedRequest[]> {
  const answer = await fetch(`${stack.api.url}/api/export.json?${query}`);
  return (await answer.json()) as EndedRequest[];
}

/** Waits until the table begins with the newest call that fits. */
async function shows(query: string): Promise<void> {
  const [newest] = await fitting(query);
  await waitFor(`the calls of ${query}`, async () => (await shownIds())[0] === newest?.id);
}

test('all ended calls are there, of which only those in sight are in the page', async () => {
  await page.goto(stack.web.url);
  await page.getByRole('link', { name: 'History' }).click();
  expect(new URL(page.url()).pathname).toBe('/history');
  const expected = (await fitting('')).map(({ id }) => id);
  expect(expected).toHaveLength(CALLS + 1);
  await rows().first().waitFor();
  expect(await shownIds()).toEqual(expected.slice(0, await rows().count()));
  const scroller = page.getByTestId('history-scroller');
  const seen = new Set<string | undefined>();
  await waitFor(
    'the oldest call',
    async () => {
      const ids = await shownIds();
      expect(ids.length).toBeLessThan(60);
      const isDrawn = ids.some((id) => !seen.has(id));
      for (const id of ids) seen.add(id);
      // Before the last scroll is drawn, the next one would pass rows by.
      if (isDrawn) await scroller.evaluate((element) => element.scrollBy(0, 400));
      return seen.has(expected.at(-1));
    },
    { timeoutMs: 30_000, everyMs: 10 },
  );
  expect(seen.size).toBe(expected.length);
  await page.getByText('1,001 in all').waitFor();
  const table = page.getByRole('table', { name: 'Ended calls' });
  expect(await table.getAttribute('aria-rowcount')).toBe('1002');
  expect(await rows().last().getAttribute('aria-rowindex')).toBe('1002');
});

test('filters narrow it, stand in the address, and Back takes them off', async () => {
  await open('');
  await rows().first().waitFor();
  await page.getByLabel('Model', { exact: true }).selectOption('model-1:8b');
  await page.getByRole('button', { name: 'Failed' }).click();
  await page.getByRole('button', { name: 'Timed out' }).click();
  expect(filterOf()).toBe('?model=model-1%3A8b&status=failed%2Ctimeout');
  const expected = await fitting('model=model-1:8b&status=failed,timeout');
  await page.getByText(`${expected.length} in all`, { exact: true }).waitFor();
  expect((await shownIds())[0]).toBe(expected[0]!.id);
  await page.goBack();
  expect(filterOf()).toBe('?model=model-1%3A8b&status=failed');
  await shows('model=model-1:8b&status=failed');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  expect(filterOf()).toBe('');
  await shows('');
});

test('a search finds what stands in the prompt, and an opened call keeps it', async () => {
  await open('');
  await page.getByLabel('Search').pressSequentially('ABOUT ');
  await waitFor('the first word to be in the address', () => filterOf() === '?q=ABOUT');
  await page.getByLabel('Search').pressSequentially('bees');
  await waitFor('the search to be in the address', () => filterOf() === '?q=ABOUT+bees');
  await page.getByText('1 in all', { exact: true }).waitFor();
  await rows().first().click();
  await page.getByRole('dialog').waitFor();
  expect(filterOf()).toBe('?q=ABOUT+bees&req=special-call');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(filterOf()).toBe('?q=ABOUT+bees');
  expect(await shownIds()).toEqual(['special-call']);
});

test('the view comes back from its address, a session and times of its own too', async () => {
  await open('?session=session-7&from=2026-01-01T00:00:00.000Z&app=chat');
  await page.getByText('1 in all', { exact: true }).waitFor();
  await page.getByLabel('From', { exact: true }).waitFor();
  expect(await page.getByRole('search').getByLabel('App', { exact: true }).inputValue()).toBe(
    'chat',
  );
  await page.getByRole('button', { name: 'Session session-7' }).click();
  expect(filterOf()).toBe('?app=chat&from=2026-01-01T00%3A00%3A00.000Z');
  await open('?q=nothing+has+this');
  expect(await page.getByTestId('nothing').innerText()).toBe('No call fits these filters.');
});

test('what is found is exported, formulas as texts', async () => {
  await open('?app=chat');
  await page.getByText('1 in all', { exact: true }).waitFor();
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^llm-monitor-\d{4}-\d\d-\d\d\.csv$/);
  const text = await readFile(await download.path(), 'utf8');
  const found = parse(text, { columns: true }) as Record<string, string>[];
  expect(found.map(({ id, prompt }) => [id, prompt])).toEqual([
    ['special-call', "'=1+1 about bees"],
  ]);
});

test('a model, an app and a session lead to their calls', async () => {
  await page.goto(`${stack.web.url}/models`);
  await page.getByRole('link', { name: 'model-2:8b' }).click();
  await page.getByRole('link', { name: 'Its ended calls' }).click();
  expect(new URL(page.url()).pathname + filterOf()).toBe('/history?model=model-2%3A8b');
  await shows('model=model-2:8b');
  await page.goto(`${stack.web.url}/apps`);
  await page.getByRole('link', { name: 'chat' }).click();
  await page.getByRole('link', { name: 'Its ended calls' }).click();
  await rows().first().click();
  await page.getByRole('dialog').getByRole('link', { name: 'session-7' }).click();
  expect(filterOf()).toBe('?session=session-7');
  await page.getByText('1 in all', { exact: true }).waitFor();
  const timeline = page.getByTestId('session-timeline');
  expect(await timeline.getByRole('link').count()).toBe(1);
  await timeline.getByRole('link').click();
  expect(filterOf()).toBe('?session=session-7&req=special-call');
});

test('each choice says how many calls it would leave', async () => {
  await open('?model=model-1%3A8b');
  const failed = await fitting('model=model-1:8b&status=failed');
  await page.getByRole('button', { name: `Failed ${failed.length}` }).click();
  const left = await fitting('app=app-2&model=model-1:8b&status=failed');
  const apps = page.getByRole('search').getByLabel('App', { exact: true });
  await apps
    .locator('option', { hasText: `app-2 (${left.length})` })
    .waitFor({ state: 'attached' });
  await apps.selectOption('app-2');
  await page.getByText(`${left.length} in all`, { exact: true }).waitFor();
  expect(await shownIds()).toEqual(left.map(({ id }) => id).slice(0, await rows().count()));
});

test('columns are chosen, stand in the address, and come back from it', async () => {
  await page.setViewportSize({ width: 1600, height: 900 });
  await open('');
  await rows().first().waitFor();
  await page.getByText('Columns').click();
  await page.getByRole('checkbox', { name: 'Host' }).uncheck();
  await page.getByRole('checkbox', { name: 'tok/s' }).uncheck();
  const shown = () => page.getByRole('table').getByRole('columnheader').allInnerTexts();
  const expected = [
    'Status',
    'Model',
    'Prompt',
    'App',
    'Ended',
    'Duration',
    'First token',
    'Tokens',
  ];
  const visible = async () => (await shown()).filter((title) => title !== '');
  expect(await visible()).toEqual(expected);
  await page.reload();
  await rows().first().waitFor();
  expect(await visible()).toEqual(expected);
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('energy and cost are columns for who wants them, and prompts that were possibly cut a filter', async () => {
  const redis = new Redis(stack.redis.url);
  const keys = createKeys({ shards: 1 });
  // As the agent's sampler tells it.
  const resources = { cpuPercent: 50, memoryBytes: 1e9, samples: 3, energyJoules: 180_000 };
  const call = keys.shard(0).request('chat', 'special-call');
  await redis.hset(call, RESOURCES_FIELD, JSON.stringify(resources));
  const reason = { estimatedTokens: 9000, countedTokens: 4000, contextTokens: 4096 };
  const verdicts = [{ kind: 'truncated', since: new Date().toISOString(), reason }];
  await redis.hset(
    keys.global.endedVerdicts,
    'special-call:chat',
    JSON.stringify({ model: 'm', verdicts }),
  );
  redis.disconnect();
  const prices = { currency: 'EUR', price_per_kwh: 0.3, cloud_prices: [] };
  await fetch(`${stack.api.url}/api/settings/costs`, {
    ...{ method: 'PUT', body: JSON.stringify(prices) },
    headers: { 'content-type': 'application/json' },
  });
  await page.setViewportSize({ width: 1600, height: 900 });
  await open('');
  await rows().first().waitFor();
  const header = (name: string) => page.getByRole('columnheader', { name, exact: true });
  expect(await header('Energy').count()).toBe(0);
  await page.getByRole('button', { name: 'Prompt possibly cut' }).focus();
  await page.keyboard.press('Space');
  await waitFor('the only one', async () => (await shownIds()).join() === 'special-call');
  expect(filterOf()).toBe('?verdict=truncated');
  await page.getByText('Columns').click();
  await page.getByRole('checkbox', { name: 'Energy' }).check();
  await page.getByRole('checkbox', { name: 'Cost' }).check();
  await header('Cost').waitFor();
  await rows().getByText('≈\u00a050\u00a0Wh').waitFor();
  await rows().getByText('≈\u00a0€0.015').waitFor();
  await page.getByRole('checkbox', { name: 'Cost' }).uncheck();
  await page.getByRole('checkbox', { name: 'Energy' }).uncheck();
  expect(filterOf()).toBe('?verdict=truncated');
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('calls that end meanwhile are counted, and shown when asked for', async () => {
  await open('');
  await rows().first().waitFor();
  const before = (await shownIds())[0];
  const call = aCall({ requestId: 'newest-call', startedAt: new Date() });
  await publish(bus, [call.started(), call.completed({ durationMs: 30_000 })]);
  await page.getByRole('button', { name: '1 newer' }).waitFor();
  expect((await shownIds())[0]).toBe(before);
  await page.getByTestId('refresh').click();
  await waitFor('the new call', async () => (await shownIds())[0] === 'newest-call');
});

test('an API that is away is said, what was found stays, and it goes on afterwards', async () => {
  await open('?app=app-1');
  await rows().first().waitFor();
  const before = await shownIds();
  await stack.api.stop();
  await page.getByTestId('refresh').click();
  const alert = page.getByRole('alert').filter({ hasText: 'could not be read' });
  await alert.waitFor();
  expect(await shownIds()).toEqual(before);
  const env = { NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url };
  stack.api = await startService('api', { ...env, PORT: String(stack.api.port) });
  await page.getByRole('button', { name: 'Try again' }).click();
  await alert.waitFor({ state: 'detached' });
  expect((await shownIds()).slice(0, 5)).toEqual(before.slice(0, 5));
  expect(problems).toEqual([]);
});

/** The page asks by itself so often, and so many calls each answer looks at where its time is over at once. */
const [ANSWERS_UNASKED, CALLS_AN_ANSWER] = [20, 500];
/** To whom a millisecond is a second. */
const HASTY = `const now = performance.now.bind(performance);
  performance.now = () => now() * 1000;`;

test('a search in a long history shows what each answer found in its time, asks before it goes on for long, and reaches the end', async () => {
  const redis = new Redis(stack.redis.url);
  const longAgo = Date.now() - 6 * 3_600_000;
  await createSeeder(redis, createKeys({ shards: 1 })).ended(
    ...Array.from({ length: CALLS_AN_ANSWER * (ANSWERS_UNASKED + 1) }, (_, i) => ({
      ...{ id: `old-call-${i}`, startedAtMs: longAgo + i },
    })),
    { id: 'found-first', startedAtMs: longAgo, endedAtMs: Date.now() + 60_000, model: 'needle' },
    { id: 'found-last', startedAtMs: longAgo - 3_600_000, model: 'needle' },
  );
  redis.disconnect();
  const hasty = await startService('api', {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url },
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(HASTY)}`,
  });
  onTestFinished(() => hasty.stop());
  const haveMore: boolean[] = [];
  let goOn: () => void = () => undefined;
  const isSeen = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const answers = '**/api/requests?**';
  await page.route(answers, async (route) => {
    if (haveMore.length > 0) await isSeen;
    const { pathname, search } = new URL(route.request().url());
    const response = await route.fetch({ url: `${hasty.url}${pathname}${search}` });
    haveMore.push('link' in response.headers());
    await route.fulfill({ response });
  });
  await open('?q=needle');
  await waitFor('what the first answer has', async () => (await shownIds())[0] === 'found-first');
  await page.getByText('the newest 1', { exact: true }).waitFor();
  expect(haveMore).toEqual([true]);
  goOn();
  await page.getByRole('button', { name: 'Search further back' }).click();
  await page.getByText('2 in all', { exact: true }).waitFor();
  expect(await shownIds()).toEqual(['found-first', 'found-last']);
  expect(haveMore.length).toBeGreaterThan(ANSWERS_UNASKED);
  expect(haveMore.slice(0, ANSWERS_UNASKED + 1)).not.toContain(false);
  expect(haveMore.at(-1)).toBe(false);
  await page.unroute(answers);
});

test.each([
  // What the live page shows beside the calls is loaded after the first view, and how many calls each choice leaves is asked for.
  ['/', '**/assets/pages*', '[data-testid="rail"]'],
  ['/history', '**/api/facets*', '.is-statuses .number:text-matches("[0-9]")'],
])('nothing jumps on %s as what comes late has come', async (path, late, sign) => {
  const fresh = await page.context().browser()!.newPage();
  onTestFinished(() => fresh.close());
  await fresh.setViewportSize({ width: 1350, height: 720 });
  await fresh.addInitScript(`globalThis.shift = 0; new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) globalThis.shift += value;
  }).observe({ type: 'layout-shift', buffered: true });`);
  await fresh.route(late, async (route) => {
    await fresh.getByRole('row').nth(5).waitFor();
    await fresh.evaluate(
      'new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)))',
    );
    await route.continue();
  });
  await fresh.goto(stack.web.url + path);
  await fresh.locator(sign).first().waitFor();
  await fresh.evaluate(
    'new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)))',
  );
  expect(await fresh.evaluate<number>('globalThis.shift')).toBeLessThan(0.02);
});
