import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { startBrowser } from '../helpers/start-browser.ts';
import { startReverseProxy } from '../helpers/start-reverse-proxy.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';

const NAME = 'monitor.localhost';
const OPERATOR = 'operator-secret';
const VIEWER = 'viewer-secret';

let stack: Stack;
let bus: NatsConnection;
let proxy: Awaited<ReturnType<typeof startReverseProxy>>;
let browser: Browser;
let base: string;
const problems: string[] = [];

beforeAll(async () => {
  stack = await startStack({
    env: {
      ...{ BASE_PATH: '/llm-monitor', TRUST_PROXY: 'loopback' },
      ALLOWED_HOSTS: NAME,
      ...{ LLM_MONITOR_TOKEN: OPERATOR, LLM_MONITOR_VIEWER_TOKEN: VIEWER },
    },
  });
  bus = await connect({ servers: stack.nats.url });
  proxy = await startReverseProxy(NAME, stack.web.url);
  base = `${proxy.url}/llm-monitor`;
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await proxy.stop();
  await bus.close();
  await stack.stop();
});

/** A browser that nobody logged in with yet. */
async function aBrowser(options: Parameters<Browser['newContext']>[0] = {}) {
  const context: BrowserContext = await browser.newContext({
    ...{ ignoreHTTPSErrors: true, locale: 'en-GB' },
    ...options,
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
  return { context, page };
}

async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
}

const isLive = (page: Page) =>
  page.locator('[data-testid="connection-state"][data-state="live"]').waitFor();

test('behind HTTPS and below a path a person logs in, sees live data, and comes back by the address of a page', async () => {
  const call = aCall({ model: 'llama3.2:3b', app: 'shop' });
  await publish(bus, [call.started({ promptPreview: 'Seen through the proxy' })]);
  const { page, context } = await aBrowser();
  await page.goto(`${base}/models`);
  expect(page.url()).toBe(`${base}/login?next=%2Fmodels`);
  await logIn(page, 'wrong');
  await page.getByText('That is not a token of this monitor').waitFor();
  await logIn(page, OPERATOR);
  await page.waitForURL(`${base}/models`);
  await page.getByRole('link', { name: 'Live' }).click();
  await page.waitForURL(`${base}/`);
  await page.getByText('Seen through the proxy').first().waitFor();
  await page.reload();
  await page.getByText('Seen through the proxy').first().waitFor();
  for (const cookie of await context.cookies()) {
    expect(cookie).toMatchObject({ path: '/llm-monitor', secure: true, sameSite: 'Strict' });
  }
  await context.close();
});

test('the documentation of the API is there too, and asks below the path', async () => {
  const { page, context } = await aBrowser();
  await page.goto(`${base}/docs`);
  await logIn(page, OPERATOR);
  await page.waitForURL(`${base}/docs/`);
  await page.getByText('/api/status').first().click();
  await page.getByRole('button', { name: 'Execute' }).click();
  await page.locator('.request-url').waitFor();
  expect(await page.locator('.request-url').innerText()).toContain(`${base}/api/status`);
  await page.locator('.responses-table.live-responses-table').getByText('200').first().waitFor();
  await context.close();
});

test('a viewer is named, sees what runs, and is told why nothing can be cancelled', async () => {
  await publish(bus, [aCall({ app: 'watched' }).started({ promptPreview: 'Watched by a viewer' })]);
  const { page, context } = await aBrowser();
  await page.goto(`${base}/`);
  await logIn(page, VIEWER);
  const row = page.getByTestId('active-row').filter({ hasText: 'Watched by a viewer' });
  const button = row.getByTestId('cancel-button');
  await button.waitFor();
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  expect(await button.getAttribute('title')).toContain('viewer');
  await button.click({ force: true });
  expect(await page.getByTestId('cancel-dialog').count()).toBe(0);
  await page.getByText('Viewer', { exact: true }).waitFor();
  await context.close();
});

test('logging out leads out, and an open page elsewhere to the login', async () => {
  const { page, context } = await aBrowser();
  await page.goto(`${base}/`);
  await logIn(page, OPERATOR);
  await isLive(page);
  const other = await context.newPage();
  await other.goto(`${base}/apps`);
  await isLive(other);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByText('You are logged out.').waitFor();
  await other.waitForURL(/\/login\?/);
  expect(other.url()).toBe(`${base}/login?next=%2Fapps`);
  await context.close();
});

test('the login needs no script, speaks Italian, and is dark in the dark', async () => {
  const { page, context } = await aBrowser({
    ...{ javaScriptEnabled: false, locale: 'it-IT', colorScheme: 'dark' },
  });
  await page.goto(`${base}/login`);
  const background = async () => {
    const color = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    return (color.match(/\d+/g) ?? []).map(Number);
  };
  expect(Math.max(...(await background()))).toBeLessThan(40);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(Math.min(...(await background()))).toBeGreaterThan(230);
  await page.getByLabel('Token').fill('sbagliato');
  await page.getByRole('button', { name: 'Accedi' }).click();
  await page.getByText('Questo non è un token di questo monitor').waitFor();
  await page.getByLabel('Token').fill(VIEWER);
  await page.getByRole('button', { name: 'Accedi' }).click();
  await page.waitForURL(`${base}/`);
  await context.close();
});

test('nothing broke and no policy was violated on the way', () => {
  expect(problems).toEqual([]);
});
