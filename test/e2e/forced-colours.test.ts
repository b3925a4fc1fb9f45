// With colours of the reader's own (Windows' contrast themes) nothing is lost that is drawn by a background.
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let browser: Dashboard['browser'];
let page: Page;

useDashboard((dashboard) => {
  ({ stack, bus, browser } = dashboard);
});

beforeAll(async () => {
  const call = aCall({ model: 'phi3' });
  await publish(bus, [call.started(), call.completed({ durationMs: 2000, ttftMs: 500 })]);
  page = await browser.newPage({ forcedColors: 'active', locale: 'en-GB' });
});

const styleOf = (locator: Locator, property: string, pseudo?: string) =>
  locator
    .first()
    .evaluate(
      (element, [name, before]) =>
        element.ownerDocument
          .defaultView!.getComputedStyle(element, before)
          .getPropertyValue(name ?? ''),
      [property, pseudo],
    );

test('which page is open can be seen', async () => {
  await page.goto(`${stack.web.url}/history`);
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  expect(await styleOf(link('History'), 'outline-style')).toBe('solid');
  expect(await styleOf(link('Models'), 'outline-style')).toBe('none');
});

test('bars, and what says which they are, can be seen', async () => {
  await page.goto(`${stack.web.url}/models/phi3`);
  await page.locator('.histogram-bars li').first().waitFor();
  const ground = await styleOf(page.locator('.panel'), 'background-color');
  const shown = [
    await styleOf(page.locator('.histogram-bars li'), 'background-color', '::before'),
    await styleOf(page.locator('.chart-swatch.is-bars'), 'background-color'),
  ];
  expect(shown).not.toContain(ground);

  await page.goto(`${stack.web.url}/history`);
  await page.locator('a.call-link').first().click();
  const part = page.locator('.phase-part');
  await part.first().waitFor();
  expect(await styleOf(part, 'background-color')).not.toBe(ground);
});
