import { jetstream } from '@nats-io/jetstream';
import type { WebSocketRoute } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';

import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const SCRIPT = '<img src=x onerror="window.pwned = true">';

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let page: Dashboard['page'];
let problems: string[];

useDashboard(async (dashboard) => {
  ({ stack, bus, page, problems } = dashboard);
  for (const body of [SCRIPT, '{"no": "event"}']) {
    await jetstream(bus).publish('llm.request.started.app.model', body);
  }
});

test('the live page says that messages could not be used, and leads to them', async () => {
  await page.goto(stack.web.url);
  const notice = page.getByTestId('pipeline-notice');
  await notice.waitFor();
  expect(await notice.innerText()).toContain('2 messages could not be used');
  await notice.getByRole('link').click();
  expect(new URL(page.url()).pathname).toBe('/pipeline');
  await page.getByTestId('dead-letter').first().waitFor();
  await notice.waitFor({ state: 'detached' });
});

test('nothing jumps on the next visit as the notice comes', async () => {
  const browser = await page.context().browser()!.newContext();
  onTestFinished(() => browser.close());
  const again = await browser.newPage();
  await again.goto(stack.web.url);
  await again.getByTestId('pipeline-notice').waitFor();
  const tile = again.getByTestId('tile-active');
  const beneath = (await tile.boundingBox())?.y;
  let data: WebSocketRoute | undefined;
  await again.routeWebSocket(/socket\.io/, (socket) => {
    data = socket;
  });
  await again.reload();
  await waitFor('a connection', () => data !== undefined);
  await tile.waitFor();
  expect(await again.getByTestId('pipeline-notice').count()).toBe(0);
  expect((await tile.boundingBox())?.y).toBe(beneath);
});

test('the page shows how far the collectors are, and dead letters as text', async () => {
  const verdict = page.getByTestId('pipeline-verdict');
  expect(await verdict.getAttribute('data-state')).toBe('ok');
  const requests = page.locator('[data-stream="LLM_REQUESTS"]');
  await waitFor('all to be collected', async () => {
    return (await requests.innerText()).includes('2 of 2');
  });
  const letters = page.getByTestId('dead-letter');
  expect(await letters.count()).toBe(2);
  expect(await letters.last().innerText()).toContain(SCRIPT);
  expect(await page.evaluate('"pwned" in window')).toBe(false);
});

test('a letter is tried again, and is a letter again; another is removed', async () => {
  const letters = page.getByTestId('dead-letter');
  const first = await letters.last().getAttribute('data-sequence');
  await letters.last().getByRole('button', { name: 'Try again' }).click();
  await page.getByText('It was sent again.').waitFor();
  await waitFor('the letter to come back under another number', async () => {
    const shown = await letters.all();
    const sequences = await Promise.all(shown.map((one) => one.getAttribute('data-sequence')));
    return sequences.length === 2 && !sequences.includes(first ?? '');
  });
  await letters.first().getByRole('button', { name: 'Remove' }).click();
  await page.getByText('It was removed.').waitFor();
  await waitFor('one to be left', async () => (await letters.count()) === 1);
});

test('the page says when no collector works', async () => {
  const verdict = page.getByTestId('pipeline-verdict');
  await stack.collectors[0]!.stop('SIGKILL');
  await page.locator('[data-testid="pipeline-verdict"][data-state="stalled"]').waitFor();
  expect(await verdict.innerText()).toContain('No collector runs');
  expect(problems).toEqual([]);
});
