// Prompts and answers can be covered up, as for a screen that others see.
import { expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let page: Dashboard['page'];
let problems: string[];

useDashboard((dashboard) => {
  ({ stack, bus, page, problems } = dashboard);
});

/** Of each text that was captured: can it be read? */
const readable = (selector: string) =>
  page.locator(selector).evaluateAll((texts) =>
    texts.map((text) => {
      const { color, pointerEvents } = text.ownerDocument.defaultView!.getComputedStyle(text);
      return color !== 'rgba(0, 0, 0, 0)' && pointerEvents !== 'none';
    }),
  );

test('texts that are hidden in the details of a call can be read on no page until they are shown', async () => {
  const call = aCall({ requestId: 'hide-me-00001', app: 'notary' });
  await publish(bus, [
    call.started({ promptPreview: 'who inherits?' }),
    call.completed({ responsePreview: 'the nephew' }),
  ]);
  await page.goto(`${stack.web.url}/?req=hide-me-00001`);
  const drawer = page.getByTestId('call-drawer');
  await drawer.getByText('the nephew').waitFor();
  const inDetails = '[data-testid=call-drawer] .captured';
  expect(await readable(inDetails)).toEqual([true, true]);

  await drawer.getByRole('button', { name: 'Hide texts' }).click();
  await drawer.getByRole('button', { name: 'Show texts' }).waitFor();
  expect(await readable(inDetails)).toEqual([false, false]);
  for (const path of ['/', '/history']) {
    await page.goto(`${stack.web.url}${path}`);
    await page.getByText('who inherits?').waitFor();
    expect(await readable('.row .prompt'), path).toEqual([false]);
  }
  // The row still leads to its call, and says which it is to who has the page read out.
  await page.getByRole('link', { name: 'who inherits?' }).click();
  await drawer.getByRole('button', { name: 'Show texts' }).click();
  await drawer.getByRole('button', { name: 'Hide texts' }).waitFor();
  expect(await readable(inDetails)).toEqual([true, true]);
  expect(problems).toEqual([]);
});

test('the settings show them and hide them, too', async () => {
  await page.goto(`${stack.web.url}/settings`);
  await page.getByRole('button', { name: 'Hide texts' }).click();
  await page.getByRole('button', { name: 'Show texts' }).waitFor();
  await page.goto(`${stack.web.url}/?req=hide-me-00001`);
  await page.getByTestId('call-drawer').getByText('the nephew').waitFor();
  expect(await readable('[data-testid=call-drawer] .captured')).toEqual([false, false]);
  expect(problems).toEqual([]);
});
