// The network goes while somebody reads, and comes back.
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let browser: Dashboard['browser'];
let context: BrowserContext;
let page: Page;

useDashboard((dashboard) => {
  ({ stack, bus, browser } = dashboard);
});

beforeAll(async () => {
  const call = aCall({ model: 'phi3:latest' });
  await publish(bus, [call.started(), call.completed()]);
  context = await browser.newContext({ locale: 'it-IT' });
  page = await context.newPage();
});

/** Goes to another page as a reader does: what is asked then, nobody answers. */
async function goWithoutNetwork(from: string, link: string): Promise<void> {
  await page.goto(`${stack.web.url}${from}`);
  await page.getByTestId('connection-state').filter({ hasText: 'In diretta' }).waitFor();
  await page.getByRole('link', { name: link }).first().waitFor();
  await context.setOffline(true);
  await page.getByRole('link', { name: link }).first().click();
}

const NO_ANSWER = 'Nessuna risposta dal server';

test('a page that nobody answers says so in its language, shows nothing as on its way, and fills once somebody does', async () => {
  await goWithoutNetwork('/models', 'phi3:latest');
  await page.getByRole('alert').filter({ hasText: NO_ANSWER }).waitFor();
  expect(await page.locator('.skeleton').count()).toBe(0);

  await context.setOffline(false);
  await page.getByTestId('chart-calls').waitFor();
  await page.getByTestId('tile-calls').filter({ hasText: '1' }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('so do the lists that are read once, such as the rules', async () => {
  await goWithoutNetwork('/', 'Avvisi');
  const rules = page.locator('.rules-said');
  await rules.filter({ hasText: NO_ANSWER }).waitFor();

  await context.setOffline(false);
  await page.getByText('Non ci sono regole').waitFor();
  expect(await rules.textContent()).toBe('');
});

test('so does the history', async () => {
  await goWithoutNetwork('/', 'Cronologia');
  await page.getByRole('alert').filter({ hasText: NO_ANSWER }).waitFor();

  await context.setOffline(false);
  await page.getByTestId('history-row').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('a page that a service without its store serves says so', async () => {
  await stack.redis.stop();
  await page.goto(`${stack.web.url}/`);
  await page.getByText('Il servizio risponde ma non ha dati').waitFor();
  expect(await page.getByTestId('connection-state').getAttribute('data-state')).toBe('error');
});
