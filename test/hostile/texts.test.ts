import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  type HeartbeatData,
  type HostSampledData,
  type ModelsListedData,
} from '@llm-monitor/contracts/events';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { startBrowser } from '../helpers/start-browser.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

/** What would run where a text became markup, an attribute, an address, a style or a template. */
const ATTACKS = [
  '<img src=x onerror=pwned()>',
  '"><script>pwned()</script>',
  `' autofocus onfocus='pwned()`,
  'javascript:pwned()',
  '</title></style><svg onload=pwned()>',
  '{{constructor.constructor("pwned()")()}}${pwned()}',
  '<iframe srcdoc="<script>parent.pwned()</script>">',
  '=cmd|calc!A1\u202e\u0000\u001b[31m',
];
const TEXT = ATTACKS.join(' ');
/** As much of it as fits where there is room for 256, 128 or 64 signs. */
const NAME = `${ATTACKS[0]}${ATTACKS[1]}${ATTACKS[2]}${ATTACKS[4]}`;
const SHORT = `${ATTACKS[0]}`;

let stack: Stack;
let bus: NatsConnection;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  stack = await startStack();
  bus = await connect({ servers: stack.nats.url });
  browser = await startBrowser();
  page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1400, height: 1000 } });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('dialog', (dialog) => {
    errors.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(`
    globalThis.ran = 0;
    globalThis.violations = [];
    globalThis.pwned = () => void (globalThis.ran += 1);
    addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
  `);
});
afterAll(async () => {
  await browser.close();
  await bus.close();
  await stack.stop();
});

function telemetry<Data>(subject: string, type: string, data: Data): Published<Data> {
  const time = new Date().toISOString();
  return {
    subject,
    event: createEvent({ id: `${type}:${time}`, source: '/test', type, time, data }),
  };
}

const asked = {
  ...{ model: NAME, host: NAME, provider: NAME, operation: NAME, instance: NAME },
  ...{ sessionId: NAME, userId: NAME, tags: [NAME, SHORT], logicalId: NAME, toolNames: [NAME] },
  ...{
    serverAddress: NAME,
    keepAlive: SHORT,
    traceparent: SHORT,
    promptPreview: TEXT,
    prompt: TEXT,
  },
};
const running = aCall({ app: NAME, instance: NAME, model: NAME });
const failed = aCall({ app: NAME, instance: NAME, model: NAME });
const cancelled = aCall({ app: NAME, instance: NAME, model: NAME });

const sample = telemetry<HostSampledData>(subjects.hostSampled(NAME), 'llm.host.sampled.v1', {
  ...{ host: NAME, cpuPercent: 10, cpuCount: 8, uptimeSeconds: 100, platform: SHORT },
  ...{ memoryUsedBytes: 1e9, memoryTotalBytes: 4e9 },
  gpus: [
    {
      ...{ name: NAME, loadPercent: 5, vramUsedBytes: 1e9, vramTotalBytes: 2e9 },
      ...{ powerWatts: 10, temperatureCelsius: 40 },
    },
  ],
  server: {
    ...{ provider: NAME, address: `javascript:pwned()//${SHORT}`, reachable: true },
    version: SHORT,
  },
  unseenActivity: { since: new Date().toISOString(), model: NAME, evidence: 'cpu' },
});
const models = telemetry<ModelsListedData>(subjects.modelsListed(NAME), 'llm.models.listed.v1', {
  ...{ host: NAME, provider: NAME, serverAddress: `javascript:pwned()//${SHORT}` },
  models: [
    { name: NAME, sizeBytes: 1e9, family: SHORT, parameterSize: SHORT, quantization: SHORT },
  ],
  loaded: [{ name: NAME, sizeBytes: 1e9, vramBytes: 1e9, expiresAt: SHORT, contextLength: 1 }],
});
const beat = telemetry<HeartbeatData>(subjects.heartbeat(NAME, NAME), 'llm.app.heartbeat.v1', {
  ...{ app: NAME, instance: NAME, host: NAME, runningRequestIds: [running.id], running: 1 },
  ...{ queued: 1, droppedEvents: 5, droppedRequests: 5 },
});

/** Opens a page and waits until what it shows is there. */
async function show(path: string, shown: string): Promise<void> {
  await page.goto(`${stack.web.url}${path}`);
  await waitFor(`the text on ${path}`, async () => (await everyText()).includes(shown));
}

const everyText = () => page.locator('body').evaluate((body) => body.textContent ?? '');

/** Nothing ran, nothing tried to, and no element came out of a text. */
async function expectNoMarkup(): Promise<void> {
  for (const element of await page.locator('button:visible, a:visible, [title]').all()) {
    await element.hover({ force: true, timeout: 1000 }).catch(() => undefined);
  }
  expect(await page.evaluate(READ_MARKUP)).toEqual({
    ...{ ran: 0, violations: [], foreign: [], scripts: 0, handlers: [], addresses: [] },
  });
}

/** Runs in the page: what of it can only come out of a text. */
const READ_MARKUP = `(() => {
  const elements = [...document.querySelectorAll('*')];
  const attributes = (names) => elements.flatMap((one) => names.map((name) => one.getAttribute(name)));
  return {
    ran: globalThis.ran,
    violations: globalThis.violations,
    foreign: elements
      .filter((one) => ['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'FORM'].includes(one.tagName))
      .map((one) => one.outerHTML),
    scripts: elements.filter((one) => one.tagName === 'SCRIPT' && !one.closest('head')).length,
    handlers: elements.flatMap((one) => one.getAttributeNames().filter((name) => /^on/i.test(name))),
    addresses: attributes(['href', 'src', 'action', 'xlink:href']).filter((address) =>
      /^\\s*(javascript|data|vbscript):/i.test(address ?? ''),
    ),
  };
})()`;

interface Markup {
  ran: number;
  violations: string[];
  foreign: string[];
  handlers: string[];
}

test('the watch sees what it is to see: markup out of a text, and that the policy stops it', async () => {
  await page.goto(stack.web.url);
  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(ATTACKS.join(''))})`,
  );
  const found = await waitFor('the violations', async () => {
    const markup = await page.evaluate<Markup>(READ_MARKUP);
    return markup.violations.length > 0 && markup;
  });
  expect(found.ran).toBe(0);
  expect(found.violations).toContain('script-src-attr');
  expect(found.handlers).toEqual(expect.arrayContaining(['onerror', 'onload']));
  expect(found.foreign).not.toEqual([]);
});

test('hostile names and texts of calls are shown as they are, live and in every drawer', async () => {
  await publish(bus, [
    running.started(asked),
    failed.started(asked),
    failed.failed({
      ...asked,
      error: { type: NAME, message: TEXT, status: 500 },
      durationMs: 1000,
    }),
    cancelled.started(asked),
    cancelled.cancelled({
      ...asked,
      cancelledBy: NAME,
      finishReason: NAME,
      responsePreview: TEXT,
      response: TEXT,
    }),
    ...[sample, models, beat],
  ]);
  await show('/', '<img src=x onerror=pwned()>');
  await expectNoMarkup();
  for (const call of [running, failed, cancelled]) {
    await show(`/?req=${call.id}`, call.id);
    await waitFor('the whole text', async () => (await everyText()).includes(ATTACKS[5]!));
    await expectNoMarkup();
  }
  await page.goto(stack.web.url);
  await page.getByTestId('cancel-button').first().click();
  await page.getByTestId('cancel-dialog').waitFor();
  await expectNoMarkup();
});

test.each(['/models', '/apps', '/hosts'])(
  'hostile names are shown as they are on %s',
  async (path) => {
    await publish(bus, [sample, models, beat]);
    await show(path, path === '/apps' ? 'img_src_x_onerror_pwned' : '<img src=x onerror=pwned()>');
    await expectNoMarkup();
  },
);

test('a message that could not be used is shown as text, whatever is in it', async () => {
  bus.publish(
    `${subjects.request('started', 'evil', 'm')}`,
    JSON.stringify({ evil: TEXT, id: NAME }),
  );
  bus.publish(subjects.request('started', 'evil', 'm'), `<script>pwned()</script>${TEXT}`);
  await bus.flush();
  await show('/pipeline', 'pwned()');
  await expectNoMarkup();
});

test.each(
  [
    ...[
      `/?req=${encodeURIComponent(TEXT)}`,
      `/${encodeURIComponent('<img src=x onerror=pwned()>')}`,
    ],
    ...['/?demo="><script>pwned()</script>', '/login?next="><script>pwned()</script>'],
    ...[
      '/login?next=javascript:pwned()',
      '/docs/?url=javascript:pwned()#/"><img src=x onerror=pwned()>',
    ],
  ].map((path) => [path.slice(0, 60), path] as const),
)('an address with a script in it, %s, runs none', async (_shown, path) => {
  await page.goto(`${stack.web.url}${path}`);
  await page.waitForLoadState('load');
  const found = await page.evaluate(`[
    globalThis.ran,
    document.querySelectorAll('a[href^="javascript:"]').length,
  ]`);
  expect(found).toEqual([0, 0]);
});

test('no page broke on the way', () => {
  expect(errors).toEqual([]);
});
