import type { Series, Stats, Trends } from '@llm-monitor/contracts/rest';
import { beforeEach, expect, test } from 'vitest';

import { createLoad } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const CALLS = 200;

let stack: Dashboard['stack'];
let page: Dashboard['page'];
let problems: string[];
const load = createLoad({ seed: 11, calls: CALLS, share: { running: 0 } });

useDashboard(async (dashboard) => {
  ({ stack, page, problems } = dashboard);
  await publish(dashboard.bus, load.events);
  await waitFor('all calls to be counted', async () => {
    const { totals } = await ask<Stats>('/api/stats');
    return totals.total_requests === CALLS;
  });
});
beforeEach(() => page.goto('about:blank'));

const ask = async <T>(path: string) => (await (await fetch(stack.web.url + path)).json()) as T;
const open = (path: string) => page.goto(stack.web.url + path);
const chart = (id: string) => page.getByTestId(`chart-${id}`);
const asked = () => new URL(page.url()).searchParams;

/** The cells of a chart's table, without its titles; newest first. */
async function tableOf(id: string): Promise<string[][]> {
  const summary = chart(id).locator('summary');
  await summary.click();
  const rows = chart(id).locator('tbody tr');
  await rows.first().waitFor();
  const cells = await rows.evaluateAll((all) =>
    all.map((row) =>
      [...(row as unknown as { children: Iterable<{ textContent: string }> }).children].map(
        (cell) => cell.textContent,
      ),
    ),
  );
  await summary.click();
  return cells;
}

const sum = (texts: readonly (string | undefined)[]) =>
  texts.reduce((total, text) => total + Number((text ?? '').replaceAll(',', '')), 0);

test('charts have their history right after a load of the page, with as many calls as there were', async () => {
  await open('/');
  await chart('calls').locator('canvas').waitFor();
  const rows = await tableOf('calls');
  expect(rows.length).toBeGreaterThanOrEqual(60);
  expect(sum(rows.map(([, started]) => started))).toBe(CALLS);
  expect(sum(rows.map(([, , failed]) => failed))).toBe(load.truth.failed);
});

test('no line crosses a time without calls', async () => {
  await open('/');
  const rows = await tableOf('response');
  const { series } = await ask<Trends>('/api/trends?metrics=p50&range=1h');
  expect(series[0]?.values.filter((value) => value === null).length).toBeGreaterThan(30);
  expect(rows.filter(([, p50]) => p50 === '—').length).toBeGreaterThan(30);
  expect(await chart('response').locator('canvas').count()).toBe(1);
});

test('a drag across one chart narrows all to that time, which stands still until Back or live', async () => {
  await open('/?range=15m');
  await chart('calls').locator('canvas').waitFor();
  const area = chart('calls').locator('.u-over');
  await area.scrollIntoViewIfNeeded();
  const box = (await area.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 8 });
  await page.mouse.up();
  await waitFor('the time to be in the address', () => asked().has('from') && asked().has('to'));
  const seconds = (Date.parse(asked().get('to')!) - Date.parse(asked().get('from')!)) / 1000;
  expect(seconds).toBeGreaterThan(200);
  expect(seconds).toBeLessThan(500);
  await page.getByText('standing still').waitFor();
  const whole = await tableOf('active');
  expect(whole.length).toBeLessThan(11);
  await page.getByRole('button', { name: 'Back to live' }).click();
  await waitFor('the live time', () => !asked().has('from'));
  await page.goBack();
  await waitFor('the narrowed time', () => asked().has('from'));
  await page.reload();
  await page.getByText('standing still').waitFor();
});

test('the crosshair of one chart is that of all', async () => {
  await open('/');
  const area = chart('calls').locator('.u-over');
  await area.waitFor();
  await area.hover({ position: { x: 120, y: 40 } });
  const moment = (id: string) => chart(id).locator('.chart-moment').innerText();
  await waitFor('a moment in each chart', async () => {
    const moments = await Promise.all(['calls', 'response', 'tokens'].map(moment));
    return moments[0] !== '' && new Set(moments).size === 1;
  });
});

test('times are those of this device or of UTC, everywhere and at once', async () => {
  const context = await page
    .context()
    .browser()!
    .newContext({ locale: 'en-GB', timezoneId: 'Asia/Kolkata' });
  const kolkata = await context.newPage();
  const newest = async () => {
    const time = kolkata.getByTestId('history-row').first().locator('time');
    const iso = await time.getAttribute('datetime');
    return { shown: (await time.innerText()).slice(-8), iso: iso!.slice(11, 19) };
  };
  await kolkata.goto(stack.web.url);
  await kolkata.getByTestId('history-row').first().waitFor();
  const local = await newest();
  expect(local.shown).not.toBe(local.iso);
  await kolkata.getByRole('link', { name: 'Settings' }).click();
  await kolkata.getByRole('radio', { name: 'UTC' }).check();
  await kolkata.getByRole('link', { name: 'Live' }).click();
  const utc = await newest();
  expect(utc.shown).toBe(utc.iso);
  await kolkata.reload();
  await kolkata.getByTestId('history-row').first().waitFor();
  expect((await newest()).shown).toBe(utc.iso);
  await context.close();
});

test('a day that loses an hour to summer time has the totals of its 23 hours', async () => {
  const from = '2026-03-28T23:00:00.000Z';
  const to = '2026-03-29T22:00:00.000Z';
  const { points } = await ask<Series>(`/api/series?metric=requests&from=${from}&to=${to}`);
  expect(points).toHaveLength(23);
  await open(`/?from=${from}&to=${to}`);
  await chart('calls').waitFor();
  expect(await tableOf('calls')).toHaveLength(23);
});

test.each(['/', '/history', '/models', '/models/model-1%3A8b', '/apps', '/apps/app-1', '/hosts'])(
  'to show %s asks the API at most three times',
  async (path) => {
    const requests: string[] = [];
    const note = (request: { url(): string }) => {
      if (new URL(request.url()).pathname.startsWith('/api/')) requests.push(request.url());
    };
    page.on('request', note);
    await page.goto(stack.web.url + path, { waitUntil: 'networkidle' });
    page.off('request', note);
    expect(requests.length).toBeLessThanOrEqual(3);
  },
);

test('a model has a page of its own, whose figures are those of the API', async () => {
  await open('/models');
  await page.getByRole('link', { name: 'model-1:8b' }).click();
  expect(new URL(page.url()).pathname).toBe('/models/model-1%3A8b');
  expect(await page.title()).toBe('model-1:8b · Models · LLM Monitor');
  const { totals, by_app: byApp } = await ask<Stats>('/api/stats?range=24h&model=model-1:8b');
  const tile = (id: string) => page.getByTestId(`tile-${id}`);
  await waitFor('the figures', async () => {
    return (await tile('calls').getAttribute('data-value')) === String(totals.total_requests);
  });
  expect(await tile('response').getAttribute('data-value')).toBe(String(totals.p50));
  expect(await tile('tokens').getAttribute('data-value')).toBe(String(totals.total_tokens));
  expect(await page.getByTestId('by-app').locator('tbody tr').count()).toBe(byApp.length);
  const bars = page.getByTestId('histogram').locator('li');
  expect(await bars.count()).toBeGreaterThan(5);
  // What a chart shows is there as a file, of this model alone.
  await chart('calls').locator('summary').click();
  const link = chart('calls').getByRole('link', { name: 'JSON' });
  const file = await ask<{ requests: number }[]>((await link.getAttribute('href')) ?? '');
  expect(file.reduce((all, { requests }) => all + requests, 0)).toBe(totals.total_requests);
  await page.getByTestId('by-app').getByRole('link', { name: 'app-1' }).click();
  expect(new URL(page.url()).pathname).toBe('/apps/app-1');
  await page.getByTestId('by-model').waitFor();
});

test('a model is compared with another, and with the time before, by at most three questions', async () => {
  await open('/models/model-1%3A8b?range=1h');
  const choice = page.getByLabel('Compare with');
  await choice.selectOption('model-2:8b');
  const { by_model: byModel } = await ask<Stats>('/api/stats?range=1h');
  const calls = (name: string) => byModel.find((each) => each.name === name)!.total_requests;
  const row = page.getByTestId('compare-table').locator('tbody tr').first();
  await waitFor('both', async () => {
    const [own, other] = await row.locator('td').allInnerTexts();
    return own === String(calls('model-1:8b')) && other === String(calls('model-2:8b'));
  });
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/')) requests.push(request.url());
  });
  await page.reload({ waitUntil: 'networkidle' });
  await page.getByTestId('compare-table').waitFor();
  expect(requests.length).toBeLessThanOrEqual(3);
  await choice.selectOption({ label: 'the time before' });
  await waitFor('nothing before', async () => (await row.locator('td').allInnerTexts())[1] === '0');
  expect(problems).toEqual([]);
});
