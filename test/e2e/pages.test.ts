import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  type HeartbeatData,
  type HostSampledData,
  type ModelsListedData,
} from '@llm-monitor/contracts/events';
import { expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const HOST = 'gpu-box';
const GIB = 2 ** 30;

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let page: Dashboard['page'];
let problems: string[];

useDashboard((dashboard) => {
  ({ stack, bus, page, problems } = dashboard);
});

let count = 0;
function telemetry<Data>(subject: string, type: string, data: Data): Published<Data> {
  const id = `${type}:${(count += 1)}`;
  const event = createEvent({ id, source: '/test', type, time: new Date().toISOString(), data });
  return { subject, event };
}

const aSample = (fields: Partial<HostSampledData> = {}): Published =>
  telemetry<HostSampledData>(subjects.hostSampled(HOST), 'llm.host.sampled.v1', {
    ...{ host: HOST, cpuPercent: 34, cpuCount: 16, uptimeSeconds: 7200 },
    ...{ memoryUsedBytes: 20 * GIB, memoryTotalBytes: 64 * GIB },
    gpus: [
      {
        ...{ name: 'Tested GPU 24G', loadPercent: 91, powerWatts: 287, temperatureCelsius: 71 },
        ...{ vramUsedBytes: 18 * GIB, vramTotalBytes: 24 * GIB },
      },
    ],
    server: {
      ...{ provider: 'ollama', address: 'http://127.0.0.1:11434', reachable: true },
      version: '0.12.0',
      processes: { count: 2, cpuPercent: 140, memoryBytes: 3 * GIB },
    },
    unseenActivity: null,
    ...fields,
  });

const aModelList = (): Published =>
  telemetry<ModelsListedData>(subjects.modelsListed(HOST), 'llm.models.listed.v1', {
    ...{ host: HOST, provider: 'ollama', serverAddress: 'http://127.0.0.1:11434' },
    models: ['llama3.2:3b', 'phi3:latest'].map((name) => ({
      ...{ name, sizeBytes: 2 * GIB, family: 'llama', parameterSize: '3.2B' },
      quantization: 'Q4_K_M',
    })),
    loaded: [
      {
        ...{ name: 'llama3.2:3b', sizeBytes: 4 * GIB, vramBytes: 3 * GIB, contextLength: 8192 },
        expiresAt: new Date(Date.now() + 300_000).toISOString(),
      },
    ],
  });

const open = (path: string) => page.goto(`${stack.web.url}${path}`);
const seconds = (text: string) => {
  const [, minutes = '0', rest = '0'] = /(?:(\d+)\sm\s)?(\d+)\ss/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(rest);
};

test('a host shows its GPU, its server and a loaded model whose keep-alive runs down', async () => {
  await publish(bus, [aSample(), aModelList()]);
  await open('/hosts');
  const host = page.getByTestId('host');
  await host.waitFor();
  const text = await host.innerText();
  for (const part of ['Tested GPU 24G', '287', '71', 'Ollama', '0.12.0', '1.4 cores']) {
    expect(text).toContain(part);
  }
  const model = page.getByTestId('loaded-model');
  expect(await model.innerText()).toContain('llama3.2:3b');
  const keepAlive = () => page.getByTestId('keep-alive').innerText().then(seconds);
  const left = await waitFor('a countdown', async () => (await keepAlive()) || undefined);
  expect(left).toBeGreaterThan(200);
  expect(left).toBeLessThanOrEqual(300);
  await waitFor('it to run down', async () => (await keepAlive()) < left);
});

test('a host says when somebody calls its server past the monitor, and when nobody does any more', async () => {
  const unseenActivity = {
    ...{ since: new Date().toISOString(), model: 'llama3.2:3b' },
    evidence: 'gpu' as const,
  };
  await open('/');
  await publish(bus, [aSample({ unseenActivity })]);
  await page.getByTestId('unseen-notice').waitFor();
  await page.getByTestId('unseen-notice').getByRole('link').click();
  const banner = page.getByTestId('unseen-banner');
  await banner.waitFor();
  expect(new URL(page.url()).pathname).toBe('/hosts');
  expect(await banner.innerText()).toContain('llama3.2:3b');
  expect(await banner.innerText()).toContain('127.0.0.1:11435');
  await publish(bus, [aSample()]);
  await banner.waitFor({ state: 'detached' });
});

test('the page of models says which are in memory where, and which are installed', async () => {
  await publish(bus, [aSample(), aModelList()]);
  await open('/models');
  const row = page.getByTestId('model-row');
  await waitFor('both models', async () => (await row.count()) === 2);
  expect(await row.filter({ hasText: 'llama3.2:3b' }).innerText()).toContain('in memory');
  const installed = await row.filter({ hasText: 'phi3' }).innerText();
  expect(installed).toContain('installed');
  expect(installed).toContain(`on ${HOST}`);
});

test("a call's drawer shows its phases with the queue as an estimate, and where its first token came", async () => {
  const call = aCall({ app: 'shop' });
  const second = 1e9;
  await publish(bus, [
    call.started({ parameters: { temperature: 0.2 }, sessionId: 'session-7', tags: ['night'] }),
    call.firstToken(4000),
    call.completed({
      ...{ durationMs: 10_000, ttftMs: 4000 },
      ollama: {
        ...{ totalDurationNs: 9.5 * second, loadDurationNs: 2 * second },
        ...{ promptEvalDurationNs: 1 * second, evalDurationNs: 5.5 * second },
      },
    }),
  ]);
  await open('/');
  await page.getByTestId('history-row').filter({ hasText: 'shop' }).getByRole('link').click();
  const drawer = page.getByTestId('call-drawer');
  await drawer.waitFor();
  expect(new URL(page.url()).searchParams.get('req')).toBe(call.id);
  const bar = page.getByTestId('phase-bar');
  const phases = await bar
    .locator('[data-phase]')
    .evaluateAll((parts) => parts.map((part) => part.getAttribute('data-phase')));
  expect(phases).toEqual(['queue', 'load', 'prompt', 'generation', 'rest']);
  const legend = (await bar.innerText()).replaceAll(/\s+/g, ' ');
  expect(legend).toContain('Queue ≈ 1.0 s 10 %');
  expect(legend).toContain('Generating 5.5 s 55 %');
  const mark = page.getByTestId('first-token-mark');
  expect(await mark.evaluate((element) => element.style.left)).toBe('40%');
  for (const part of ['session-7', 'night', 'temperature', call.id]) {
    expect(await drawer.innerText()).toContain(part);
  }
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('');

  await page.goForward();
  await drawer.waitFor();
  await page.goBack();
  await drawer.waitFor({ state: 'detached' });
  await open(`/apps?req=${call.id}`);
  await waitFor('the drawer from its address alone', async () => {
    return (await drawer.innerText()).includes('session-7');
  });
  await page.getByTestId('drawer-close').click();
  await drawer.waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/apps');
});

test('of the longest prompt that is captured its beginning is shown as text, and the page goes on', async () => {
  const prompt = `<img src=x onerror="window.isOwned = true"> ${'why? '.repeat(12_500)}`;
  const call = aCall({ app: 'novelist' });
  await publish(bus, [
    call.started({ prompt, promptPreview: prompt.slice(0, 200), promptChars: prompt.length }),
    call.completed({ durationMs: 900 }),
  ]);
  await open('/');
  const row = page.getByTestId('history-row').filter({ hasText: 'novelist' });
  await row.getByRole('link').click();
  const shown = page.getByTestId('call-drawer').locator('.captured').first();
  await waitFor('the prompt', async () => (await shown.innerText()).startsWith('<img src=x'));
  expect((await shown.innerText()).length).toBeLessThanOrEqual(201);
  expect(await page.evaluate('window.isOwned')).toBeUndefined();
  await page.keyboard.press('Escape');
  await page.getByTestId('call-drawer').waitFor({ state: 'detached' });
});

test('a name in a script from right to left reads so, and its row stands as the others do', async () => {
  const model = 'نموذج:8b';
  const call = aCall({ app: 'chat', model, requestId: 'from-right-to-left' });
  await publish(bus, [call.started(), call.completed()]);
  for (const [path, name] of [
    ['/history', '[data-request-id=from-right-to-left] .is-model'],
    ['/models', `[data-model="${model}"][data-testid=model-row] .model-name`],
    [`/models/${encodeURIComponent(model)}`, '.item-name'],
  ] as const) {
    await open(path);
    const at = await page.locator(name).evaluate((element) => {
      const text = element.ownerDocument.createTreeWalker(element, 4).nextNode()!;
      const placeOf = (from: number) => {
        const range = element.ownerDocument.createRange();
        range.setStart(text, from);
        range.setEnd(text, from + 1);
        return range.getBoundingClientRect().left;
      };
      const left = element.getBoundingClientRect().left;
      return { left, first: placeOf(0), digit: placeOf(6), last: placeOf(7) };
    });
    expect(at.digit, path).toBeLessThan(at.last);
    expect(at.last, path).toBeLessThan(at.first);
    expect(at.digit - at.left, path).toBeLessThan(2);
  }
});

test('calls that clients gave up are told, and of which app they are', async () => {
  await publish(bus, [aCall({ app: 'trader', instance: 'trader-1' }).started()]);
  const beat = telemetry<HeartbeatData>(
    subjects.heartbeat('trader', 'trader-1'),
    'llm.app.heartbeat.v1',
    {
      ...{ app: 'trader', instance: 'trader-1', host: HOST },
      ...{ runningRequestIds: [], running: 0 },
      ...{ queued: 3, droppedEvents: 90, droppedRequests: 30 },
    },
  );
  await publish(bus, [beat]);
  await open('/');
  const notice = page.getByTestId('drops-notice');
  await notice.waitFor();
  expect(await notice.innerText()).toContain('30 calls are missing');
  await notice.getByRole('link').click();
  const app = page.locator('[data-testid="app-row"][data-app="trader"]');
  await app.waitFor();
  const instance = app.getByTestId('app-instance');
  expect(await instance.getAttribute('data-online')).toBe('true');
  expect(await instance.innerText()).toContain('30 calls missing');
});

test('no page ran into an error', () => {
  expect(problems).toEqual([]);
});
