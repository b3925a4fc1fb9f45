import { createRequire } from 'node:module';

import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent, type ProgressData } from '@llm-monitor/contracts/events';
import type { AxeResults } from 'axe-core';
import { afterAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let page: Dashboard['page'];
let browser: Dashboard['browser'];
let alerts: Service;

useDashboard(async (dashboard) => {
  ({ stack, bus, browser } = dashboard);
  // Scripts from outside are what the policy is there to refuse; axe is one.
  page = await browser.newPage({ locale: 'en-GB', bypassCSP: true });
  await page.setViewportSize({ width: 1280, height: 720 });
  const env = { NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url, VERDICT_EVERY_MS: '200' };
  alerts = await startService('alerts', env, { until: 'ready' });
});
afterAll(() => alerts?.stop());

const tell = (requestId: string, rest: Partial<ProgressData>) => {
  const data: ProgressData = {
    ...{ requestId, app: 'bot', model: 'llama3.2:3b', phase: 'generating', chunks: 1, chars: 4 },
    ...rest,
  };
  const event = createEvent({
    ...{ id: `${requestId}:progress`, source: '/test', type: 'llm.progress.v1' },
    ...{ time: new Date().toISOString(), data },
  });
  bus.publish(subjects.progress('bot', 'llama3.2:3b'), JSON.stringify(event));
};
const row = (id: string) => page.locator(`[data-testid="active-row"][data-request-id="${id}"]`);
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('a running call says what is noteworthy about it, why, and no more once that is over', async () => {
  await page.goto(stack.web.url);
  const call = aCall({ requestId: 'looping-1', app: 'bot', startedAt: new Date() });
  await publish(bus, [call.started(), call.firstToken()]);
  await row('looping-1').waitFor();
  const height = (await row('looping-1').boundingBox())?.height;
  const badge = row('looping-1').getByTestId('verdict');
  await waitFor('the badge', async () => {
    tell('looping-1', { chunks: 400, repeating: { period: 40, times: 30 } });
    return (await badge.count()) === 1;
  });
  expect(await badge.innerText()).toBe('Repeats itself ×30');
  expect(await badge.locator('svg').count()).toBe(1);
  expect((await row('looping-1').boundingBox())?.height).toBe(height);
  // Its number is seen, not cut off.
  const words = badge.locator('.badge-word');
  expect(await words.evaluate((one) => one.scrollHeight <= one.clientHeight + 1)).toBe(true);
  expect(await words.evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(true);
  const reason = 'The last 40 characters were said 30 times in a row.';
  expect(await badge.getAttribute('title')).toBe(reason);

  await badge.focus();
  await page.keyboard.press('Enter');
  const hint = page.locator('.verdict-hint:popover-open');
  await hint.waitFor();
  expect(await hint.innerText()).toBe(reason);
  await page.addScriptTag({ path: AXE });
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press('Escape');
  await hint.waitFor({ state: 'hidden' });

  await page.goto(`${stack.web.url}/?req=looping-1`);
  expect(await page.getByTestId('call-verdict').innerText()).toBe(reason);
  await page.keyboard.press('Escape');
  await row('looping-1').getByTestId('verdict').waitFor();
  await waitFor('the badge to go', async () => {
    tell('looping-1', { chunks: 500 });
    return (await row('looping-1').getByTestId('verdict').count()) === 0;
  });
});

test('a call that loads and one that waits behind it run on in their badges, in Italian too', async () => {
  const first = aCall({ requestId: 'loading-1', app: 'bot', startedAt: new Date() });
  const second = aCall({ requestId: 'queued-01', app: 'bot', startedAt: new Date() });
  await publish(bus, [first.started({ model: 'big' }), second.started({ model: 'big' })]);
  const italian = await browser.newPage({ locale: 'it-IT' });
  await italian.goto(stack.web.url);
  const badge = (on: typeof page, id: string) =>
    on.locator(`[data-request-id="${id}"]`).getByTestId('verdict');
  await waitFor('both badges', async () => {
    tell('loading-1', { phase: 'loading', chunks: 0, model: 'big' });
    tell('queued-01', { phase: 'queued', chunks: 0, model: 'big' });
    return (
      (await badge(page, 'loading-1').count()) + (await badge(page, 'queued-01').count()) === 2
    );
  });
  expect(plain(await badge(page, 'loading-1').innerText())).toMatch(/^Loading \d+ s$/);
  expect(await badge(page, 'queued-01').innerText()).toBe('Queued behind 1');
  await badge(italian, 'queued-01').waitFor();
  expect(await badge(italian, 'queued-01').innerText()).toBe('In coda dietro a 1');
  await italian.goto(`${stack.web.url}/?req=queued-01`);
  await italian.getByTestId('call-verdict').getByRole('link').click();
  await italian.locator('[data-verdict="loading"][data-testid="call-verdict"]').waitFor();
  await italian.close();
});

test('prices that are set on the page of settings tell what a call cost, in its drawer and of its model', async () => {
  await page.goto(`${stack.web.url}/settings`);
  const form = page.getByTestId('prices');
  await form.locator('[name="currency"]').fill('chf');
  await form.locator('[name="price_per_kwh"]').fill('0.25');
  const elsewhere = form.getByRole('textbox', { name: 'Tokens elsewhere' });
  await elsewhere.fill('priced* 2');
  await form.getByRole('button', { name: 'Save prices' }).click();
  await form.getByText('A model and two numbers are wanted: priced*').waitFor();
  await elsewhere.fill('priced* 2,0 4');
  await form.getByRole('button', { name: 'Save prices' }).click();
  await form.getByText('Saved.').waitFor();
  await page.addScriptTag({ path: AXE });
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  expect(violations.map(({ id }) => id)).toEqual([]);

  const call = aCall({ requestId: 'priced-01', app: 'bot', model: 'priced:1b' });
  const usage = { inputTokens: 1_000_000, outputTokens: 500_000, source: 'server' as const };
  await publish(bus, [call.completed({ usage })]);
  const requests = [{ app: 'bot', requestId: call.id, samples: 1, energyJoules: 3600 * 8 }];
  const host = {
    ...{ host: 'box', cpuPercent: 1, cpuCount: 1, memoryUsedBytes: 1, memoryTotalBytes: 2 },
    ...{ uptimeSeconds: 1, server: null },
    requests: requests.map((one) => ({ ...one, cpuPercent: null, memoryBytes: null })),
  };
  const sampled = createEvent({
    ...{ id: 'sampled-1', source: '/agents/box', type: 'llm.host.sampled.v1' },
    ...{ time: new Date().toISOString(), data: host },
  });
  await waitFor('the call to be kept', async () => {
    return (await fetch(`${stack.web.url}/api/requests/priced-01`)).ok;
  });
  bus.publish(subjects.hostSampled('box'), JSON.stringify(sampled));
  await waitFor('its energy', async () => {
    const stats = await (await fetch(`${stack.web.url}/api/stats?model=priced:1b`)).json();
    return (stats as { totals: { energy_wh?: number } }).totals.energy_wh === 8;
  });
  for (const path of ['/?req=priced-01', '/models/priced%3A1b']) {
    await page.goto(stack.web.url + path);
    await page.getByTestId('costs').waitFor();
    const told = ['energy', 'energy-cost', 'cloud-cost'].map(async (id) =>
      plain(await page.getByTestId(id).locator('dd').innerText()),
    );
    expect(await Promise.all(told), path).toEqual(['≈ 8 Wh', '≈ CHF 0.002', '≈ CHF 4']);
  }
  await page.goto(`${stack.web.url}/settings`);
  await form.waitFor();
  const lines = form.getByRole('textbox', { name: 'Tokens elsewhere' });
  expect(await lines.inputValue()).toBe('priced* 2 4');
});
