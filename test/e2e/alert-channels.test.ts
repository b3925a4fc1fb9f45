import { createRequire } from 'node:module';

import { READY_RULES } from '@llm-monitor/contracts/alerts';
import { createKeys } from '@llm-monitor/contracts/redis';
import type { AxeResults } from 'axe-core';
import { Redis } from 'ioredis';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';

import { startHttpSink, type HttpSink } from '../helpers/http-sink.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SECRET = 'a-secret-that-nobody-sees';

let stack: Dashboard['stack'];
let browser: Dashboard['browser'];
let page: Page;
let problems: string[];
let alerts: Service;
let sink: HttpSink;

useDashboard(async (dashboard) => {
  ({ stack, browser, problems } = dashboard);
  // axe is a script from outside, which the policy of the page refuses.
  page = await browser.newPage({ locale: 'en-GB', bypassCSP: true });
  page.on('pageerror', (error) => problems.push(error.message));
  sink = await startHttpSink();
  // Nothing of its own fires meanwhile.
  const redis = new Redis(stack.redis.url);
  const { alertRulesWritten } = createKeys({ shards: 1 }).global;
  await redis.sadd(alertRulesWritten, ...READY_RULES.map(({ id }) => id));
  redis.disconnect();
  const env = { NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url };
  alerts = await startService('alerts', env, { until: 'ready' });
});
afterAll(async () => {
  await alerts.stop();
  await sink.close();
});

/** Rules of axe that are broken. */
async function brokenRules(of: Page): Promise<string[]> {
  await of.addScriptTag({ path: AXE });
  const { violations } = (await of.evaluate('axe.run()')) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

test('a channel is added by keys alone, and a test says the true answer', async () => {
  await page.goto(`${stack.web.url}/alerts`);
  await page.getByTestId('no-channels').waitFor();
  await page.getByTestId('add-channel').focus();
  await page.keyboard.press('Enter');
  const form = page.getByTestId('channel-form');
  await form.getByLabel('Kind').selectOption('webhook');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.type('The ops team');
  // Without an address the server says what is missing.
  await page.keyboard.press('Enter');
  await form.getByRole('alert').getByText('"url" (Address) is missing').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type(`${sink.url}/hook?key=${SECRET}`);
  await page.keyboard.press('Tab');
  await page.keyboard.type(SECRET);
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'detached' });
  const channel = page.locator('[data-testid="channel"][data-id="the-ops-team"]');
  await channel.getByText('nothing sent yet').waitFor();

  await channel.getByTestId('test-channel').click();
  await channel.getByTestId('channel-said').getByText('Sent. HTTP 200: ok').waitFor();
  await channel.getByText(/^last sent/).waitFor();
  expect(sink.requests[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(await brokenRules(page)).toEqual([]);

  sink.answer({ status: 404, body: `no <b>hook</b> ${SECRET}` });
  await channel.getByTestId('test-channel').click();
  await channel.getByTestId('channel-said').getByText('Not taken. HTTP 404').waitFor();
  // What another server says is text.
  await channel.getByTestId('channel-fault').getByText('no <b>hook</b> ••••').waitFor();
  expect(await page.content()).not.toContain(SECRET);
});

test('a channel is changed without its secret, switched off, and deleted after a question, in Italian on a phone', async () => {
  const phone = await browser.newPage({
    ...{ locale: 'it-IT', colorScheme: 'dark', viewport: { width: 375, height: 720 } },
    bypassCSP: true,
  });
  await phone.goto(`${stack.web.url}/alerts`);
  const channel = phone.getByTestId('channel');
  await channel.getByTestId('edit-channel').click();
  const form = phone.getByTestId('channel-form');
  const { host } = new URL(sink.url);
  await form.getByText(`impostato, presso ${host}; lascia vuoto per mantenerlo`).waitFor();
  expect(await brokenRules(phone)).toEqual([]);
  await form.getByLabel('Nome').fill('Reperibili');
  await form.getByTestId('save-channel').click();
  await channel.getByText('Reperibili').waitFor();
  sink.reset();
  await channel.getByTestId('test-channel').click();
  await channel.getByText('Inviato. HTTP 200: ok').waitFor();
  expect(sink.requests[0]?.path).toBe(`/hook?key=${SECRET}`);

  await channel.getByRole('checkbox').click();
  await channel.getByText('disattivato').waitFor();
  const width = await phone.evaluate('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(375);
  await channel.getByTestId('remove-channel').click();
  await phone.getByRole('button', { name: 'Conserva' }).click();
  await channel.getByTestId('remove-channel').click();
  await phone.getByTestId('delete-channel-confirm').click();
  await phone.getByTestId('no-channels').waitFor();
  // The other dashboard hears of it too.
  await waitFor('the other page', () => page.getByTestId('no-channels').isVisible());
  await phone.close();
  expect(problems).toEqual([]);
});
