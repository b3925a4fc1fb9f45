// The same browser has the dashboard open twice.
import type { AlertRuleList } from '@llm-monitor/contracts/alerts';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let browser: Dashboard['browser'];

useDashboard((dashboard) => {
  ({ stack, bus, browser } = dashboard);
});

/** How a page is shown, as its root says. */
async function looksOf(page: Page) {
  const root = page.locator('html');
  return {
    lang: await root.getAttribute('lang'),
    theme: (await root.getAttribute('data-theme')) ?? 'system',
    texts: await root.getAttribute('data-texts'),
  };
}

async function twoTabs(path = '/'): Promise<[Page, Page]> {
  const context = await browser.newContext({ locale: 'en-GB' });
  onTestFinished(() => context.close());
  const tabs: [Page, Page] = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) await tab.goto(stack.web.url + path);
  return tabs;
}

test('what is chosen in one tab holds in the other, and neither undoes what the other chose', async () => {
  const call = aCall({ requestId: 'two-tabs-00001' });
  await publish(bus, [call.started({ promptPreview: 'who inherits?' }), call.completed()]);
  const [one, other] = await twoTabs();
  await other.getByText('who inherits?').waitFor();

  await one.goto(`${stack.web.url}/settings`);
  await one.getByRole('button', { name: 'Hide texts' }).click();
  await one.getByRole('button', { name: 'IT · Italiano' }).first().click();
  await waitFor('the other tab to follow', async () => {
    const { lang, texts } = await looksOf(other);
    return lang === 'it' && texts === 'hidden';
  });
  await other.getByText('Chiamate recenti').waitFor();

  await other.keyboard.press('t');
  const both = { lang: 'it', theme: 'light', texts: 'hidden' };
  await waitFor('the first tab to follow', async () => (await looksOf(one)).theme === 'light');
  expect(await looksOf(one)).toEqual(both);
  await other.reload();
  await other.getByText('Chiamate recenti').waitFor();
  expect(await looksOf(other)).toEqual(both);
});

test('a rule that was changed in one tab is switched off in the other as it is now', async () => {
  const at = `${stack.web.url}/api/alerts/rules/slow`;
  const rule = { name: 'Slow', metric: 'p95', comparator: '>', threshold: 5, severity: 'info' };
  await fetch(at, {
    ...{ method: 'PUT', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(rule),
  });
  const [one, other] = await twoTabs('/alerts');
  await other.getByText('> 5.0 s').waitFor();

  await one.getByRole('button', { name: 'Edit' }).click();
  const editor = one.getByTestId('rule-editor');
  await editor.getByLabel('Threshold').fill('7');
  await one.getByTestId('save-rule').click();
  await editor.waitFor({ state: 'detached' });
  await other.getByText('> 7.0 s').waitFor();

  await other.getByRole('switch').or(other.getByRole('checkbox')).click();
  const read = async () => (await (await fetch(at.replace('/slow', ''))).json()) as AlertRuleList;
  const off = await waitFor('the rule to be off', async () =>
    (await read()).rules.find(({ enabled }) => !enabled),
  );
  expect(off.threshold).toBe(7);
});
