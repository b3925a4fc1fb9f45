import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { jetstream } from '@nats-io/jetstream';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { createLoad } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { startBrowser } from '../helpers/start-browser.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let stack: Stack;
let bus: NatsConnection;
let browser: Browser;
/** A web service that asks for a token. */
let guarded: Service;

beforeAll(async () => {
  stack = await startStack();
  bus = await connect({ servers: stack.nats.url });
  browser = await startBrowser();
  guarded = await startService('web', {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url, LLM_MONITOR_TOKEN: 'secret' },
  });
  const failed = aCall({ requestId: 'failed-call-1' });
  const load = createLoad({ seed: 8, calls: 60, share: { running: 0.2 } });
  await publish(bus, [...load.events, failed.started(), failed.failed()]);
  await jetstream(bus).publish('llm.request.started.app.model', '{"no": "event"}');
});
afterAll(async () => {
  await browser.close();
  await guarded.stop();
  await bus.close();
  await stack.stop();
});

/** What a view is known by once it is there. */
const VIEWS = {
  '/': '[data-testid="history-row"]',
  '/?req=failed-call-1': 'dialog[open]',
  '/history': '[data-testid="history-row"]',
  '/history?status=failed&from=2026-01-01T00:00:00Z': '[data-testid="history-row"]',
  '/history?q=nothing+has+this': '[data-testid="nothing"]',
  '/models': '[data-testid="model-row"]',
  '/apps': '[data-testid="app-row"]',
  '/hosts': '#content',
  '/pipeline': '[data-testid="dead-letter"]',
  '/?demo=true': '#content',
  '/nowhere': '#content',
};

/** The rules that are broken, and where. */
async function findProblems(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any }) => `${id} (${help}): ${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
  );
}

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  describe.each([1280, 375])('%i px wide', (width) => {
    const settings = {
      ...{ colorScheme, viewport: { width, height: 900 }, locale: 'en-GB' },
      reducedMotion: 'reduce' as const,
      // Scripts from outside are what the policy is there to refuse; axe is one.
      bypassCSP: true,
    };
    test.each(Object.entries(VIEWS))('%s keeps all rules of axe', async (path, sign) => {
      const context = await browser.newContext(settings);
      try {
        const page = await context.newPage();
        await page.goto(stack.web.url + path);
        await page.locator(sign).first().waitFor();
        expect(await findProblems(page)).toEqual([]);
      } finally {
        await context.close();
      }
    });

    test('the login keeps them, too', async () => {
      const context = await browser.newContext(settings);
      try {
        const page = await context.newPage();
        await page.goto(guarded.url);
        await page.locator('form').waitFor();
        expect(await findProblems(page)).toEqual([]);
      } finally {
        await context.close();
      }
    });
  });
});
