import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { startFakeFreqtrade, type FakeFreqtrade } from '../helpers/freqtrade/fake-freqtrade.ts';
import { freePort } from '../helpers/free-port.ts';
import { publish } from '../helpers/publish.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const MINUTE_MS = 60_000;
const SCRIPT = '<img src=x onerror="window.pwned = true">';
const TOKEN = 'a-token-of-the-webhook';
const login = { username: 'me', password: 'secret' };

let stack: Dashboard['stack'];
let browser: Dashboard['browser'];
let page: Dashboard['page'];
let problems: string[];
let bot: FakeFreqtrade;
let connectors: Service;

useDashboard(async (dashboard) => {
  ({ stack, browser, page, problems } = dashboard);
  const nowMs = Date.now();
  const ago = (minutes: number) => nowMs - minutes * MINUTE_MS;
  bot = await startFakeFreqtrade({
    ...login,
    bot: {
      trades: [
        {
          ...{ id: 1, pair: 'ETH/USDT', amount: 0.5, openRate: 2000, currentRate: 2100 },
          ...{ openedAtMs: ago(300), closedAtMs: ago(200), closeRate: 2100, exitReason: 'roi' },
        },
        {
          ...{ id: 2, pair: 'ADA/USDT', amount: 1000, openRate: 0.5, currentRate: 0.5 },
          ...{ openedAtMs: ago(150), closedAtMs: ago(140), closeRate: 0.45, exitReason: SCRIPT },
        },
        {
          ...{ id: 3, pair: 'BTC/USDT', amount: 0.01, openRate: 50_000, currentRate: 51_000 },
          ...{ openedAtMs: ago(30), enterTag: 'llm' },
        },
      ],
    },
  });
  const call = (app: string, minutes: number) =>
    aCall({ app, model: 'llama3.2', startedAt: new Date(ago(minutes)) });
  const [first, second] = [call('generator', 301), call('optimizer', 31)];
  await publish(
    dashboard.bus,
    [first, second, call('another', 20)].flatMap((one) => [one.started(), one.completed()]),
    // They waited in their program until now.
    { sentAt: new Date(nowMs) },
  );
});
afterAll(async () => {
  await connectors?.stop();
  await bot?.close();
});

const bots = (view: Page) => view.getByTestId('bot');

test('the navigation has bots once there is one, and leads to them', async () => {
  await page.goto(stack.web.url);
  const link = page.getByRole('navigation').getByRole('link', { name: 'Bots' });
  await page.getByTestId('history-row').first().waitFor();
  expect(await link.count()).toBe(0);
  const FREQTRADE_BOTS = JSON.stringify([
    {
      ...{ ...login, name: 'alpha', url: bot.url, interval: 1, webhook_token: TOKEN },
      apps: ['generator', 'optimizer'],
    },
    { ...login, name: 'gone', url: `http://127.0.0.1:${await freePort()}`, interval: 1 },
  ]);
  connectors = await startService(
    'connectors',
    { NATS_URL: stack.nats.url, FREQTRADE_BOTS },
    { until: 'ready' },
  );
  await link.click();
  expect(new URL(page.url()).pathname).toBe('/bots');
  await waitFor('both bots', async () => (await bots(page).count()) === 2);
});

test('the page shows how a bot stands, and its trades and calls on one axis', async () => {
  const alpha = page.locator('[data-bot="alpha"]');
  await waitFor('the state', async () => (await alpha.innerText()).includes('Running'));
  expect(await alpha.innerText()).toMatch(/LlmStrategy · binance[\s\S]*1 of 3[\s\S]*\+10\sUSDT/);
  const timeline = page.getByTestId('bot-timeline');
  await waitFor('trades and calls', async () => {
    expect(await timeline.locator('[data-trade]').count()).toBe(3);
    expect(await timeline.locator('[data-call]').count()).toBe(2);
    return true;
  });
  // The call was made a minute before the trade began: they stand above each other.
  const left = async (selector: string) =>
    (await timeline.locator(selector).first().boundingBox())?.x ?? Number.NaN;
  expect(Math.abs((await left('[data-call]')) - (await left('[data-trade="1"]')))).toBeLessThan(3);
  expect(await page.getByTestId('open-trade').innerText()).toMatch(/BTC\/USDT[\s\S]*\+10/);
  const trade = page.getByTestId('trade').filter({ hasText: 'ADA/USDT' });
  expect(await trade.innerText()).toContain(SCRIPT);
  expect(await trade.innerText()).toMatch(/-50\sUSDT[\s\S]*-10/);
  expect(await page.evaluate('"pwned" in window')).toBe(false);
  await page.getByTestId('profit-line').waitFor();
});

test('a trade leads to the calls of its time, and a call to its drawer', async () => {
  await page.getByTestId('bot-timeline').locator('[data-call] a').first().click();
  await page.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  const trade = page.locator('[data-testid="trade"][data-trade="1"]');
  await trade.getByRole('link', { name: 'calls of generator' }).click();
  expect(new URL(page.url()).pathname).toBe('/history');
  await waitFor('the one call', async () => (await page.getByTestId('history-row').count()) === 1);
  await page.goBack();
  await page.getByTestId('bot-timeline').waitFor();
});

test('the page says why a bot is down, what it said, and changes as it does', async () => {
  await page.locator('[data-bot="gone"]').getByRole('link').click();
  const problem = page.getByTestId('bot-problem');
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/ECONNREFUSED.*has never answered/);
  expect(new URL(page.url()).search).toBe('?bot=gone');
  await page.locator('[data-bot="alpha"]').getByRole('link').click();
  const hook = `${connectors.url}/freqtrade/alpha/${TOKEN}`;
  expect(await bot.sendWebhook(hook, 'raw', { data: SCRIPT })).toBe(204);
  bot.bot.state = 'paused';
  await waitFor('the new state', async () =>
    (await page.locator('[data-bot="alpha"]').innerText()).includes('Paused'),
  );
  const said = page.getByTestId('bot-messages');
  await waitFor('the message', async () => (await said.innerText()).includes(SCRIPT), {
    timeoutMs: 20_000,
  });
});

describe.each([
  { colorScheme: 'light', width: 1280, locale: 'it-IT' },
  { colorScheme: 'dark', width: 375, locale: 'en-GB' },
] as const)('in the $colorScheme theme, $width px wide', ({ colorScheme, width, locale }) => {
  test('the page keeps all rules of axe, and fits', async () => {
    const context = await browser.newContext({
      ...{ colorScheme, locale, viewport: { width, height: 900 }, bypassCSP: true },
    });
    try {
      const view = await context.newPage();
      await view.goto(`${stack.web.url}/bots`);
      await view.getByTestId('bot-timeline').waitFor();
      await view.addScriptTag({ path: AXE });
      const { violations } = (await view.evaluate('axe.run()')) as AxeResults;
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const overflow =
        'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await view.evaluate(overflow)).toBeLessThanOrEqual(0);
      const folder = process.env['PICTURES'];
      if (folder) await view.screenshot({ path: `${folder}/bots-${width}.png`, fullPage: true });
      for (const w of folder ? [320, 800, 1024] : []) {
        await view.setViewportSize({ width: w, height: 700 });
        await view.screenshot({ path: `${folder}/bots-${locale}-${w}.png` });
      }
    } finally {
      await context.close();
    }
  });
});

test('nothing went wrong on the way', () => expect(problems).toEqual([]));
