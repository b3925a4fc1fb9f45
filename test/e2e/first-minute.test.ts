import type { Status } from '@llm-monitor/contracts/rest';
import { expect, onTestFinished, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { startService } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let page: Dashboard['page'];
let problems: string[];

useDashboard((dashboard) => {
  ({ stack, bus, page, problems } = dashboard);
});

test('an empty page teaches three ways in, each to copy, also on a small phone', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(stack.web.url);
  const ways = page.getByTestId('empty').getByRole('listitem');
  await ways.first().waitFor();
  expect(await ways.count()).toBe(3);
  const copied: string[] = [];
  for (const way of await ways.all()) {
    await way.getByRole('button').click();
    copied.push(await page.evaluate<string>('navigator.clipboard.readText()'));
  }
  expect(copied[0]).toContain("from '@llm-monitor/client/ollama'");
  expect(copied[1]).toContain('OLLAMA_HOST=127.0.0.1:11435');
  expect(copied[2]).toContain('--import @llm-monitor/client/register');
  await page.setViewportSize({ width: 320, height: 640 });
  const overflow = 'document.documentElement.scrollWidth - innerWidth';
  expect(await page.evaluate<number>(overflow)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('the proxy is named where it listens', async () => {
  const env = { NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url, API_URL: stack.api.url };
  const web = await startService('web', { ...env, PROXY_ADDRESS: 'gpu-box:11999' });
  onTestFinished(() => web.stop());
  await page.goto(web.url);
  const way = page.getByTestId('empty').getByRole('listitem').nth(1);
  expect(await way.innerText()).toContain('OLLAMA_HOST=gpu-box:11999 python app.py');
});

test('the demo is tried and stopped from the page, under a banner, and counts nowhere', async () => {
  await page.goto(stack.web.url);
  await page.getByTestId('demo-start').click();
  await page.waitForURL('**/?demo=true');
  await page.getByTestId('demo-banner').waitFor();
  await page.getByTestId('active-row').first().waitFor();
  await page.getByTestId('demo-stop').click();
  await waitFor('its calls to end', async () => {
    const rows = await page.getByTestId('active-row').count();
    return rows === 0 && (await page.getByTestId('history-row').count()) > 0;
  });
  const status = (await (await fetch(`${stack.web.url}/api/status`)).json()) as Status;
  expect(status).toMatchObject({ total_requests: 0, active_requests: 0 });
  await page.getByRole('link', { name: 'Show real traffic' }).click();
  await page.getByTestId('empty').waitFor();
});

test('the first call takes the place of the empty page, which is not loaded again', async () => {
  await page.goto(stack.web.url);
  await page.getByTestId('empty').waitFor();
  await page.evaluate('window.isSame = true');
  await publish(bus, [aCall({ requestId: 'first-call' }).started()]);
  await page.getByTestId('active-row').waitFor();
  expect(await page.getByTestId('empty').count()).toBe(0);
  expect(await page.evaluate('window.isSame')).toBe(true);
  expect(problems).toEqual([]);
});
