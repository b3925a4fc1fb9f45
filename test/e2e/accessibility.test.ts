import { jetstream } from '@nats-io/jetstream';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { findProblems } from '../helpers/axe.ts';
import { createLoad } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';

let stack: Dashboard['stack'];
let browser: Dashboard['browser'];
/** A web service that asks for a token. */
let guarded: Service;

useDashboard(async (dashboard) => {
  ({ stack, browser } = dashboard);
  guarded = await startService('web', {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url, LLM_MONITOR_TOKEN: 'secret' },
  });
  const failed = aCall({ requestId: 'failed-call-1' });
  const session = aCall({ requestId: 'session-call-1' });
  const load = createLoad({ seed: 8, calls: 60, share: { running: 0.2 } });
  await publish(dashboard.bus, [
    ...[...load.events, failed.started(), failed.failed()],
    ...[session.started({ sessionId: 'session-1' }), session.completed({ sessionId: 'session-1' })],
  ]);
  await jetstream(dashboard.bus).publish('llm.request.started.app.model', '{"no": "event"}');
});
afterAll(() => guarded.stop());

/** What a view is known by once it is there. */
const VIEWS = {
  '/': '[data-testid="history-row"]',
  '/?req=failed-call-1': 'dialog[open]',
  '/history': '[data-testid="history-row"]',
  '/history?status=failed&from=2026-01-01T00:00:00Z': '[data-testid="history-row"]',
  '/history?q=nothing+has+this': '[data-testid="nothing"]',
  '/history?session=session-1': '[data-testid="session-timeline"]',
  '/models': '[data-testid="model-row"]',
  '/models/model-1%3A8b?range=1h&compare=model-2%3A8b': '[data-testid="compare-table"]',
  '/models/model-1%3A8b': '[data-testid="histogram"]',
  '/apps/app-1': '[data-testid="by-model"]',
  '/alerts': '[data-testid="alert"]',
  '/apps': '[data-testid="app-row"]',
  '/hosts': '#content',
  '/pipeline': '[data-testid="dead-letter"]',
  '/?demo=true': '#content',
  '/settings': '.setting',
  '/nowhere': '#content',
};

/** Each theme and each width once: colours do not depend on widths. */
const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 375 },
] as const;

describe.each(LOOKS)('in the $colorScheme theme, $width px wide', ({ colorScheme, width }) => {
  const settings = {
    ...{ colorScheme, viewport: { width, height: 900 }, locale: 'en-GB' },
    reducedMotion: 'reduce' as const,
    // Scripts from outside are what the policy is there to refuse; axe is one.
    bypassCSP: true,
  };
  let page: Page;
  beforeAll(async () => {
    page = await (await browser.newContext(settings)).newPage();
  });
  afterAll(() => page.context().close());

  test.each(Object.entries(VIEWS))('%s keeps all rules of axe', async (path, sign) => {
    await page.goto(stack.web.url + path);
    await page.locator(sign).first().waitFor();
    expect(await findProblems(page)).toEqual([]);
  });

  test('the login keeps them, too', async () => {
    await page.goto(guarded.url);
    await page.locator('form').waitFor();
    expect(await findProblems(page)).toEqual([]);
  });
});
