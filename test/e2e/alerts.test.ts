import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AlertRule } from '@llm-monitor/contracts/alerts';
import { createKeys } from '@llm-monitor/contracts/redis';
import { Redis } from 'ioredis';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { findProblems } from '../helpers/axe.ts';
import { publish } from '../helpers/publish.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

// Rules are looked at five times a second, and what fires is over after half a second.
let dashboard: Dashboard;
let page: Page;
let redis: Redis;
let alerts: Service;
/** A web service for who only looks. */
let guarded: Service;
const { global } = createKeys({ shards: 1 });

useDashboard(async (started) => {
  dashboard = started;
  ({ page } = started);
  const { nats, redis: store, api } = started.stack;
  const env = { NATS_URL: nats.url, REDIS_URL: store.url };
  redis = new Redis(store.url);
  alerts = await startService(
    'alerts',
    { ...env, ALERT_EVERY_MS: '200', ALERT_CLEAR_MS: '500' },
    { until: 'ready' },
  );
  const tokens = { LLM_MONITOR_TOKEN: 'operator', LLM_MONITOR_VIEWER_TOKEN: 'viewer' };
  guarded = await startService('web', { ...env, ...tokens, API_URL: api.url });
  await waitFor('rules', () => redis.exists(global.alertStatus));
});
afterAll(async () => {
  redis.disconnect();
  await Promise.all([alerts.stop(), guarded.stop()]);
});

const fail = (count: number) =>
  publish(
    dashboard.bus,
    Array.from({ length: count }, () => aCall().failed({ durationMs: 1 })),
  );
const ruleOf = (id: string, of = page) => of.locator(`[data-testid="rule"][data-rule="${id}"]`);
const preview = (text: string | RegExp) =>
  page.getByTestId('rule-preview').filter({ hasText: text }).waitFor();
const shot = async (name: string, of = page) => {
  const folder = process.env['SHOTS'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await of.screenshot({ path: join(folder, `${name}.png`) });
};

test('a rule is edited: what is wrong is said beside its field, and what it would do now', async () => {
  await page.goto(`${dashboard.stack.web.url}/alerts`);
  await page.getByTestId('no-alerts').waitFor();
  await ruleOf('failed-requests').getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByTestId('rule-editor');
  // What there is to look at is named in words.
  expect(await editor.getByLabel('Looks at').locator('option:checked').innerText()).toBe(
    'Calls that failed, time-outs included · failed',
  );
  await preview('Now: 0 calls; it would not fire.');
  const threshold = editor.getByLabel('Threshold, calls');
  await threshold.fill('');
  await editor.getByText('must be a number, in the unit of the metric').waitFor();
  expect(await threshold.getAttribute('aria-invalid')).toBe('true');
  await threshold.fill('1');
  await preview('it would not fire');
  await shot('editing');
  await editor.getByTestId('save-rule').click();
  await editor.waitFor({ state: 'detached' });
  await ruleOf('failed-requests')
    .getByText('Calls that failed, time-outs included > 1 call')
    .waitFor();
});

test('it fires: on the page, in the navigation and on Live, with a link to the minute before', async () => {
  await fail(2);
  const alert = page.locator('[data-testid="alert"][data-rule="failed-requests"]');
  await alert.getByText('2 calls (> 1)').waitFor();
  expect(await page.getByTestId('alerts-mark').innerText()).toContain('1 firing');
  await shot('firing');
  await alert.getByRole('link', { name: 'Calls just before' }).click();
  await page.waitForURL(/\/\?from=[^&]+&to=/);
  const address = new URL(page.url()).searchParams;
  const [from, to] = ['from', 'to'].map((name) => Date.parse(address.get(name) ?? ''));
  expect((to ?? 0) - (from ?? 0)).toBe(60_000);
  await page.getByTestId('rail').getByText('Many failed calls').waitFor();
  // Whoever comes anew is told with the first that it gets.
  await page.reload();
  await page.getByTestId('rail').getByText('Many failed calls').waitFor();
});

test('switched off it is over, and stands in the history; a preview says that it would fire', async () => {
  await page.getByRole('link', { name: 'Alerts' }).click();
  await ruleOf('failed-requests').getByRole('button', { name: 'Edit' }).click();
  await preview('Now: 2 calls; it would fire.');
  await page.keyboard.press('Escape');
  const toggle = page.getByRole('switch', { name: 'Many failed calls: on' });
  await toggle.focus();
  await page.keyboard.press('Space');
  await page.getByTestId('no-alerts').waitFor();
  expect(await toggle.isChecked()).toBe(false);
  const past = page.locator('[data-testid="past-alert"][data-rule="failed-requests"]');
  await past.getByText('the rule was changed').waitFor();
  expect(await past.getByRole('link').getAttribute('href')).toMatch(/^\/\?from=/);
});

test('a rule is made of a ready one and deleted; all of them go out as a file and come in again', async () => {
  const choice = page.getByTestId('new-rule');
  await choice.focus();
  await choice.getByRole('option', { name: 'Slow responses' }).waitFor({ state: 'attached' });
  await choice.selectOption({ label: 'Slow responses' });
  const editor = page.getByTestId('rule-editor');
  await editor.getByLabel('Name').fill('Slow phi3');
  await editor.getByLabel('Of', { exact: true }).selectOption('');
  await editor.getByLabel('Model').fill('phi3');
  await preview('Now: phi3 —; it would not fire.');
  await editor.getByLabel('Quiet hours').check();
  await editor.getByLabel('Time zone').fill('Europe/Rome');
  await page.keyboard.press('Enter');
  await ruleOf('slow-phi3').getByText('· phi3').waitFor();
  await ruleOf('slow-phi3').getByText('· 22:00–07:00 Europe/Rome: nobody is told').waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ]);
  const yaml = await readFile(await download.path(), 'utf8');
  expect(yaml).toContain('id: slow-phi3');

  await ruleOf('slow-phi3').getByRole('button', { name: 'Delete' }).click();
  await page.getByTestId('remove-rule').getByText('Slow phi3').waitFor();
  await page.getByTestId('remove-rule-confirm').click();
  await ruleOf('slow-phi3').waitFor({ state: 'detached' });

  const bring = (text: string) =>
    page.getByTestId('import-rules').setInputFiles({
      ...{ name: 'rules.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) },
    });
  await bring(yaml.replace('id: backlog', 'id: Back Log'));
  const dialog = page.getByTestId('import-dialog');
  await dialog.getByText('Back Log: id must be lower-case letters').waitFor();
  await dialog.getByRole('button', { name: 'Keep' }).click();
  await bring(yaml);
  await dialog.getByText('New: slow-phi3. Changed: —. Removed: —.').waitFor();
  await dialog.getByRole('button', { name: 'Replace' }).click();
  await ruleOf('slow-phi3').waitFor();
});

test('a rule tells by all channels, or by those that are chosen: by keys alone', async () => {
  const { url } = dashboard.stack.api;
  const stored = async () => {
    const text = await redis.hget(global.alertRules, 'backlog');
    return (JSON.parse(text ?? '{}') as AlertRule).channels;
  };
  const change = async (id: string, init: RequestInit) => {
    const { ok } = await fetch(`${url}/api/alerts/channels/${id}`, init);
    expect(ok).toBe(true);
  };
  const headers = { 'content-type': 'application/json' };
  await change('desk', { method: 'PUT', headers, body: '{"kind":"nats"}' });
  await change('phone', { method: 'PUT', headers, body: '{"kind":"nats"}' });
  const edit = () => ruleOf('backlog').getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByTestId('rule-editor');
  const box = (name: string) => editor.getByRole('checkbox', { name });
  const press = async (name: string) => {
    await box(name).focus();
    await page.keyboard.press('Space');
  };
  const save = async () => {
    await page.keyboard.press('Enter');
    await editor.waitFor({ state: 'detached' });
  };
  await edit();
  await box('desk').waitFor();
  expect(await box('all that are on').isChecked()).toBe(true);
  expect(await box('phone').isChecked()).toBe(true);
  await press('desk');
  expect(await box('all that are on').isChecked()).toBe(false);
  await press('phone');
  await editor.getByText('Nobody is told.').waitFor();
  await press('phone');
  await save();
  expect(await stored()).toEqual(['phone']);
  // One that is gone stays chosen until somebody takes it out.
  await change('phone', { method: 'DELETE' });
  await edit();
  await box('desk').waitFor();
  expect(await box('phone').isChecked()).toBe(true);
  await press('all that are on');
  await save();
  expect(await stored()).toBeUndefined();
});

test.each([
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 375 },
] as const)(
  'page and editor keep the rules of axe, $width px wide',
  async ({ colorScheme, width }) => {
    const context = await dashboard.browser.newContext({
      ...{ colorScheme, viewport: { width, height: 800 }, locale: 'it-IT', bypassCSP: true },
    });
    try {
      const other = await context.newPage();
      await other.goto(`${dashboard.stack.web.url}/alerts`);
      await other.getByTestId('rule').first().waitFor();
      expect(await findProblems(other)).toEqual([]);
      await shot(`page-${colorScheme}-${width}`, other);
      const rule = other.locator('[data-testid="rule"][data-rule="host-memory"]');
      await rule.getByText('Un host esaurisce la memoria', { exact: true }).waitFor();
      await rule.getByRole('button', { name: 'Modifica' }).click();
      await other.getByTestId('rule-preview').filter({ hasText: /\w/ }).waitFor();
      const chosen = other.getByLabel('Osserva').locator('option:checked');
      expect(await chosen.innerText()).toBe('Memoria in uso di un host · memory_percent');
      await other.getByText('Ore di silenzio').click();
      expect(await findProblems(other)).toEqual([]);
      await shot(`editor-${colorScheme}-${width}`, other);
      const overflows = await other.evaluate(
        'document.documentElement.scrollWidth > document.documentElement.clientWidth',
      );
      expect(overflows).toBe(false);
    } finally {
      await context.close();
    }
  },
);

test('a ready rule that is changed in Italian keeps the name it came with, unless somebody gives it another', async () => {
  const context = await dashboard.browser.newContext({ locale: 'it-IT' });
  try {
    const other = await context.newPage();
    await other.goto(`${dashboard.stack.web.url}/alerts`);
    const rename = async (from: string, to: string) => {
      await ruleOf('lost-events', other).getByText(from, { exact: true }).waitFor();
      await ruleOf('lost-events', other).getByRole('button', { name: 'Modifica' }).click();
      const editor = other.getByTestId('rule-editor');
      expect(await editor.getByLabel('Nome').inputValue()).toBe(from);
      await editor.getByLabel('Nome').fill(to);
      await editor.getByTestId('save-rule').click();
      await editor.waitFor({ state: 'detached' });
      const text = await redis.hget(global.alertRules, 'lost-events');
      return (JSON.parse(text ?? '{}') as AlertRule).name;
    };
    expect(await rename('Eventi persi', 'Eventi persi')).toBe('Events were lost');
    expect(await rename('Eventi persi', 'Oh no')).toBe('Oh no');
    await ruleOf('lost-events', other).getByText('Oh no', { exact: true }).waitFor();
    const choice = other.getByTestId('new-rule');
    await choice.focus();
    await choice.getByRole('option', { name: 'Risposte lente' }).waitFor({ state: 'attached' });
  } finally {
    await context.close();
  }
});

test('who only looks sees rules and changes none', async () => {
  const context = await dashboard.browser.newContext({ locale: 'en-GB' });
  try {
    const other = await context.newPage();
    await other.goto(`${guarded.url}/login?next=%2Falerts`);
    await other.locator('#token').fill('viewer');
    await other.locator('form button').click();
    await other.getByTestId('rule').first().waitFor();
    await other.getByText('You came in as a viewer').waitFor();
    expect(await other.getByTestId('rule').getByRole('button').count()).toBe(0);
    expect(await other.getByTestId('new-rule').count()).toBe(0);
    expect(await other.getByRole('switch').first().isDisabled()).toBe(true);
  } finally {
    await context.close();
  }
});

test('while the alerts service is away the page says so', async () => {
  await alerts.stop();
  // As if that had been half a minute ago.
  await redis.hset(global.alertStatus, 'evaluatedAtMs', Date.now() - 31_000);
  await page.getByTestId('alerts-away').waitFor();
  expect(dashboard.problems).toEqual([]);
});
