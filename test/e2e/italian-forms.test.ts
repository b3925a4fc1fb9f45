// What is refused of a form is said in the language of the form.
import { READY_RULES } from '@llm-monitor/contracts/alerts';
import { createKeys } from '@llm-monitor/contracts/redis';
import { Redis } from 'ioredis';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';

import { startService, type Service } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';

let stack: Dashboard['stack'];
let page: Page;
let alerts: Service;

useDashboard(async (dashboard) => {
  ({ stack } = dashboard);
  page = await dashboard.browser.newPage({ locale: 'it-IT' });
  const redis = new Redis(stack.redis.url);
  const { alertRulesWritten } = createKeys({ shards: 1 }).global;
  await redis.sadd(alertRulesWritten, ...READY_RULES.map(({ id }) => id));
  redis.disconnect();
  const env = { NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url };
  alerts = await startService('alerts', env, { until: 'ready' });
});
afterAll(() => alerts.stop());

test('of an alert rule, beside each field', async () => {
  await page.goto(`${stack.web.url}/alerts`);
  await page.getByTestId('new-rule').selectOption('-');
  const editor = page.getByTestId('rule-editor');
  await editor.getByLabel('Nome').fill('Lenta');
  await editor.getByLabel('Finestra, s').fill('5');
  await editor.getByLabel('Soglia').fill('');
  const faults = editor.locator('.rule-fault');
  await faults.nth(1).waitFor();
  expect(await faults.allTextContents()).toEqual([
    'deve essere: un numero, nell’unità della metrica',
    'deve essere: un numero intero di secondi, da 10 a 86400 (un giorno)',
  ]);
});

test('of a file of rules', async () => {
  await page.goto(`${stack.web.url}/alerts`);
  await page.getByTestId('import-rules').setInputFiles({
    name: 'rules.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from('rules: 3'),
  });
  const dialog = page.getByTestId('import-dialog');
  await dialog.getByText('rules deve essere una lista di regole.').waitFor();
  expect(await dialog.innerText()).not.toContain('must');
});

test('of a channel', async () => {
  await page.goto(`${stack.web.url}/alerts`);
  await page.getByTestId('add-channel').and(page.locator(':not([aria-disabled])')).click();
  const form = page.getByTestId('channel-form');
  await form.getByLabel('Tipo').selectOption('webhook');
  await form.locator('input[name="url"]').fill('ftp://a.example');
  await page.getByTestId('save-channel').click();
  expect(await form.getByRole('alert').innerText()).toMatch(
    /^"url" \(.+\) richiede un indirizzo che inizia con http:\/\/ o https:\/\/\.$/,
  );
});

test('of prices', async () => {
  await page.goto(`${stack.web.url}/settings`);
  const form = page.getByTestId('prices');
  await form.locator('textarea').fill('llama* 2000000 1');
  await form.getByRole('button', { name: 'Salva i prezzi' }).click();
  const said = form.getByRole('status').filter({ hasText: 'Motivo' });
  await said.waitFor();
  expect(await said.innerText()).toContain(
    'cloud_prices.0.input_per_million: un numero da 0 a 1.000.000.',
  );
});
