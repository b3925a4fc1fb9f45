import { expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let browser: Dashboard['browser'];
let page: Dashboard['page'];
let problems: string[];

useDashboard((dashboard) => {
  ({ stack, bus, browser, page, problems } = dashboard);
});

test('a call is deleted from its details after a question, and every open dashboard drops it', async () => {
  const [gone, kept] = ['delete-me-0001', 'keep-me-000001'].map((requestId) =>
    aCall({ requestId, app: 'shop' }),
  );
  const events = [gone, kept].flatMap((call) =>
    call ? [call.started({ promptPreview: `asked by ${call.id}` }), call.completed()] : [],
  );
  await publish(bus, events);
  const other = await browser.newPage({ locale: 'it-IT' });
  await Promise.all([page, other].map((one) => one.goto(stack.web.url)));
  for (const one of [page, other]) await one.getByText('asked by delete-me-0001').waitFor();

  await page.goto(`${stack.web.url}/?req=delete-me-0001`);
  await page.getByTestId('delete-button').click();
  const dialog = page.getByTestId('delete-dialog');
  await dialog.getByText('removed for good').waitFor();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByTestId('delete-button').click();
  await page.getByTestId('delete-dialog-confirm').click();

  await page.getByTestId('call-drawer').waitFor({ state: 'detached' });
  for (const one of [page, other]) {
    await one.getByText('asked by delete-me-0001').waitFor({ state: 'detached' });
    await one.getByText('asked by keep-me-000001').waitFor();
  }
  const answer = await fetch(`${stack.api.url}/api/requests/delete-me-0001`);
  expect(answer.status).toBe(404);
  expect(problems).toEqual([]);
});
