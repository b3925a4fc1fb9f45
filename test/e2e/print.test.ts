// On paper everything is dark on white, whatever the screen looks like.
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
  const call = aCall();
  await publish(bus, [call.started(), call.completed()]);
  page = await browser.newPage({ locale: 'en-GB' });
});

const styleOf = (locator: Locator, property: string) =>
  locator
    .first()
    .evaluate(
      (element, name) =>
        element.ownerDocument.defaultView!.getComputedStyle(element).getPropertyValue(name),
      property,
    );

test('charts that were drawn for a dark screen are turned to dark on white', async () => {
  await page.goto(`${stack.web.url}/settings`);
  await page.getByRole('button', { name: 'Dark' }).first().click();
  await page.goto(`${stack.web.url}/`);
  const chart = page.getByTestId('chart-calls').locator('.chart-area');
  await chart.locator('canvas').waitFor();
  expect(await styleOf(chart, 'filter')).toBe('none');

  await page.emulateMedia({ media: 'print' });
  expect(await styleOf(page.locator('.panel'), 'background-color')).toBe('rgb(255, 255, 255)');
  expect(await styleOf(chart, 'filter')).toBe('invert(1) hue-rotate(180deg)');
  expect(await page.getByRole('navigation').isVisible()).toBe(false);
});
