import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { createFakeOllama, type FakeOllama } from '@llm-monitor/fake-ollama';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBrowser } from '../helpers/start-browser.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startService } from '../helpers/start-service.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

const PROGRAM = fileURLToPath(new URL('./programs/slow-chat.mjs', import.meta.url));
const PROMPT = 'Is <b>EUR/USD</b> about to fall?';
const QUICK_CALLS = 20;

let stack: Stack;
let ollama: FakeOllama;
let ollamaUrl: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  ollama = createFakeOllama({
    models: ['llama3.2:3b'],
    respond: ({ body }) =>
      JSON.stringify(body).includes('EUR/USD')
        ? { content: Array.from({ length: 80 }, (_, i) => `word${i} `), tokenDelayMs: 100 }
        : { content: ['quick ', 'answer'], tokenDelayMs: 5 },
  });
  ollamaUrl = await ollama.listen();
  stack = await startStack({ collectors: 2 });
  browser = await startBrowser();
  page = await browser.newPage();
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
  await ollama.close();
});

/** Runs a program that knows the monitor only by the drop-in. */
function chat(app: string, args: string[]) {
  return startProgram(process.execPath, [PROGRAM, ...args], {
    env: { OLLAMA_HOST: ollamaUrl, LLM_MONITOR_NATS_URL: stack.nats.url, LLM_MONITOR_APP: app },
  });
}

const text = (testId: string) => page.getByTestId(testId).first().innerText();
const numberIn = (words: string) => Number(/\d+/.exec(words.replaceAll(/[.,\s]/g, ''))?.[0]);

test('a slow call is a running row whose tokens rise, and moves to the history, while a collector is killed', async () => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(stack.web.url);
  await waitFor('the page to be live', async () => {
    return (await page.getByTestId('connection-state').getAttribute('data-state')) === 'live';
  });

  const slow = chat('generator', ['slow', PROMPT]);
  const row = page.getByTestId('active-row');
  await row.waitFor();
  expect(await row.getByTestId('active-prompt').innerText()).toBe(PROMPT);
  expect(await row.innerText()).toContain('generator');

  const early = await waitFor('the first tokens', async () => {
    return numberIn(await text('active-tokens')) || undefined;
  });
  await stack.collectors[0]!.stop('SIGKILL');
  const quick = chat('background', ['quick', String(QUICK_CALLS)]);
  await waitFor('more tokens', async () => numberIn(await text('active-tokens')) > early + 5);

  expect(await slow.exited).toBe(0);
  expect(await quick.exited).toBe(0);
  const id = slow.output().trim();
  const ended = page.locator(`[data-testid="history-row"][data-status="completed"]`);
  await waitFor('all rows to move', async () => {
    return (await row.count()) === 0 && (await ended.count()) === QUICK_CALLS + 1;
  });
  expect(id).toContain('word79');

  const status = (await (await fetch(`${stack.web.url}/api/status`)).json()) as Record<
    string,
    unknown
  >;
  expect(status).toMatchObject({
    active_requests: 0,
    total_requests: QUICK_CALLS + 1,
    completed_requests: QUICK_CALLS + 1,
    failed_requests: 0,
    success_rate: 100,
    total_tokens: 80 + QUICK_CALLS * 2,
  });
  const all = (await (await fetch(`${stack.web.url}/api/requests?limit=100`)).json()) as {
    id: string;
    app: string;
    prompt: string;
    tokens_generated: number;
  }[];
  expect(new Set(all.map((request) => request.id)).size).toBe(QUICK_CALLS + 1);
  expect(all.find(({ app }) => app === 'generator')).toMatchObject({
    prompt: PROMPT,
    tokens_generated: 80,
    status: 'completed',
  });
  expect(problems).toEqual([]);
});

test('an error is shown in the history with what went wrong', async () => {
  const failing = chat('optimizer', ['missing', 'no-such-model']);
  expect(await failing.exited).toBe(0);
  expect(failing.output()).toContain('ResponseError 404');
  const failed = page.locator('[data-testid="history-row"][data-status="failed"]');
  await failed.waitFor();
  expect(await failed.innerText()).toContain('no-such-model');
});

test('the page keeps its data while the web service is away, says so, and is live again by itself, equal to the server', async () => {
  const port = stack.web.port;
  await stack.web.stop('SIGKILL');
  const state = page.getByTestId('connection-state');
  await waitFor(
    'the page to notice',
    async () => (await state.getAttribute('data-state')) === 'reconnecting',
  );
  expect(await page.getByTestId('history-row').count()).toBeGreaterThan(QUICK_CALLS);
  // What nobody saw: calls that began and ended, and one that began and goes on.
  const unseen = chat('background', ['quick', '3']);
  const running = chat('generator', ['slow', PROMPT]);
  expect(await unseen.exited).toBe(0);
  stack.web = await startService('web', {
    ...{ NATS_URL: stack.nats.url, REDIS_URL: stack.redis.url, API_URL: stack.api.url },
    PORT: String(port),
  });
  await waitFor(
    'the page to be live again',
    async () => (await state.getAttribute('data-state')) === 'live',
    {
      timeoutMs: 40_000,
    },
  );
  await waitForPageToEqualServer();
  expect(await running.exited).toBe(0);
  await waitForPageToEqualServer();
});

/** Which calls the page shows as running and as ended, in their order, and how many it counts: the same as the API. */
async function waitForPageToEqualServer(): Promise<void> {
  const get = async (path: string) => (await fetch(`${stack.api.url}${path}`)).json();
  const idsOf = async (path: string) => ((await get(path)) as { id: string }[]).map(({ id }) => id);
  const shown = async (row: string) =>
    page.getByTestId(row).evaluateAll((rows) => {
      const all = rows as unknown as { dataset: Record<string, string> }[];
      return all.map(({ dataset }) => dataset['requestId']);
    });
  await waitFor('the page to be equal to the server', async () => {
    const { total_requests } = (await get('/api/status')) as { total_requests: number };
    const total = await page.getByTestId('tile-total').getAttribute('data-value');
    const [active, ended] = [await idsOf('/api/active'), await idsOf('/api/requests?limit=25')];
    return (
      total === String(total_requests) &&
      isDeepStrictEqual(await shown('active-row'), active) &&
      isDeepStrictEqual(await shown('history-row'), ended)
    );
  });
}
