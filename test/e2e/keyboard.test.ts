import { beforeEach, expect, test } from 'vitest';

import { createLoad } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

let stack: Dashboard['stack'];
let page: Dashboard['page'];

useDashboard(async (dashboard) => {
  ({ stack, page } = dashboard);
  const load = createLoad({ seed: 3, calls: 30, share: { running: 0 } });
  await publish(dashboard.bus, load.events);
});

const rows = () => page.getByTestId('history-row');
const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const path = () => new URL(page.url()).pathname;
const openCall = () => new URL(page.url()).searchParams.get('req');
const state = () => page.getByTestId('connection-state').getAttribute('data-state');
const focusedCall = () =>
  page.evaluate<string | undefined>(
    'document.activeElement.closest("[data-request-id]")?.dataset.requestId',
  );

beforeEach(async () => {
  await page.goto(stack.web.url, { waitUntil: 'networkidle' });
  await rows().nth(10).waitFor();
});

test('g and a letter go to a page, whose heading is where reading goes on', async () => {
  await press('g', 'h');
  expect(path()).toBe('/history');
  await press('g', 'm');
  expect(path()).toBe('/models');
  await press('g', 'a', 'g', 'n', 'g', 'l');
  expect(path()).toBe('/');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
});

const FIND = 'Find calls';
test.each([
  ['a slash', { width: 1280, height: 800 }, () => press('/')],
  ['the button', { width: 1280, height: 800 }, () => page.getByLabel(FIND).click()],
  ['the button on a small phone', { width: 320, height: 640 }, () => page.getByLabel(FIND).click()],
])('%s is a search, and what is typed there is text', async (_by, size, search) => {
  await page.setViewportSize(size);
  await search();
  await waitFor('the search to have the focus', () =>
    page.evaluate<boolean>('document.activeElement.name === "q"'),
  );
  expect(path()).toBe('/history');
  await page.keyboard.type('jk/ t');
  expect(await page.getByLabel('Search').inputValue()).toBe('jk/ t');
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('j and k go from row to row, Enter opens the call, and in its drawer they lead on', async () => {
  const ids = await rows().evaluateAll((all) =>
    all.map((row) => (row as unknown as { dataset: Record<string, string> }).dataset['requestId']),
  );
  await page.goto(`${stack.web.url}/history`);
  await rows().first().waitFor();
  await press('j', 'j', 'j', 'k');
  expect(await focusedCall()).toBe(ids[1]);
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(openCall()).toBe(ids[1]);
  await press('j');
  await waitFor('the next call', () => openCall() === ids[2]);
  await page.getByTestId('drawer-previous').click();
  await waitFor('the one before', () => openCall() === ids[1]);
  await press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(openCall()).toBeNull();
  expect(path()).toBe('/history');
});

test('a space pauses and goes on, but presses the button that has the focus', async () => {
  await press('Space');
  await waitFor('the pause', async () => (await state()) === 'paused');
  await press('Space');
  await waitFor('the live view', async () => (await state()) === 'live');
  await page.getByRole('button', { name: 'IT · Italiano' }).focus();
  await press('Space');
  await page.getByRole('link', { name: 'Cronologia' }).waitFor();
  expect(await state()).toBe('live');
  await page.getByRole('button', { name: 'EN · English' }).click();
});

test('a question mark shows all keys, t another theme', async () => {
  await press('?');
  await page.getByTestId('key-help').getByText('Search the history').waitFor();
  await press('Escape', 't');
  const theme = () => page.evaluate('document.documentElement.dataset.theme');
  expect(await theme()).toBe('light');
  await press('t', 't');
  expect(await theme()).toBeUndefined();
});

test('single keys can be switched off, and stay so', async () => {
  await page.goto(`${stack.web.url}/settings`, { waitUntil: 'networkidle' });
  await page.getByRole('radio', { name: 'Off' }).check();
  await page.reload({ waitUntil: 'networkidle' });
  await page.getByRole('radio', { name: 'Off' }).waitFor();
  await press('g', 'h', '?');
  expect(path()).toBe('/settings');
  expect(await page.getByTestId('key-help').count()).toBe(0);
  await page.getByRole('radio', { name: 'On', exact: true }).check();
});
