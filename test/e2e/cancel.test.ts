import { fileURLToPath } from 'node:url';

import { createFakeOllama, type FakeOllama } from '@llm-monitor/fake-ollama';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBrowser } from '../helpers/start-browser.ts';
import { startProgram, type Program } from '../helpers/start-program.ts';
import { startStack, type Stack } from '../helpers/start-stack.ts';
import { waitFor } from '../helpers/wait-for.ts';

const PROGRAM = fileURLToPath(new URL('./programs/two-chats.mjs', import.meta.url));

let stack: Stack;
let ollama: FakeOllama;
let ollamaUrl: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  ollama = createFakeOllama({
    models: ['llama3.2:3b'],
    respond: () => ({
      content: Array.from({ length: 400 }, (_, i) => `word${i} `),
      tokenDelayMs: 50,
    }),
  });
  ollamaUrl = await ollama.listen();
  stack = await startStack();
  browser = await startBrowser();
  page = await browser.newPage();
  await page.goto(stack.web.url);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
  await ollama.close();
});

/** A program with two calls at once, each named by its prompt; it says how each ends. */
function twoChats(env: Record<string, string> = {}): Program {
  return startProgram(process.execPath, [PROGRAM, 'first prompt', 'second prompt'], {
    env: {
      ...{ OLLAMA_HOST: ollamaUrl, LLM_MONITOR_NATS_URL: stack.nats.url, LLM_MONITOR_APP: 'bot' },
      ...env,
    },
  });
}

const rowOf = (prompt: string) => page.getByTestId('active-row').filter({ hasText: prompt });
const dialog = () => page.getByTestId('cancel-dialog');

/** Which call stands where, by its place in the page. */
function placesOfRows(): Promise<unknown[]> {
  return page
    .locator('[data-row]')
    .evaluateAll((rows) =>
      rows.map((row) => [row.getAttribute('data-request-id'), row.getBoundingClientRect().top]),
    );
}

async function hasTokens(prompt: string): Promise<boolean> {
  return /\d/.test(await rowOf(prompt).getByTestId('active-tokens').innerText());
}

test('a call is cancelled from its row alone: the app gets an AbortError, the other call goes on', async () => {
  const program = twoChats();
  await waitFor('both to stream', async () => {
    return (await hasTokens('first prompt')) && (await hasTokens('second prompt'));
  });
  const places = await placesOfRows();
  await rowOf('first prompt').getByTestId('cancel-button').click();
  await dialog().waitFor();
  expect(await dialog().innerText()).toContain('first prompt');
  expect(await dialog().innerText()).toContain('AbortError');
  await page.getByTestId('cancel-confirm').click();

  await waitFor('the app to be told', () => program.output().includes('first prompt: AbortError'));
  await dialog().waitFor({ state: 'detached' });
  // The pointer is still there: the row keeps its place and tells how it ended.
  const held = page.getByTestId('held-row').filter({ hasText: 'first prompt' });
  await waitFor('the row to tell', async () => (await held.innerText()).includes('Cancelled'));
  expect(await hasTokens('second prompt')).toBe(true);
  expect(await placesOfRows()).toEqual(places);

  const id = await held.getAttribute('data-request-id');
  const call = (await (await fetch(`${stack.web.url}/api/requests/${id}`)).json()) as unknown;
  expect(call).toMatchObject({ status: 'cancelled', cancelled_by: 'dashboard' });
  await page.mouse.move(2, 2);
  await held.waitFor({ state: 'detached' });

  await page.getByTestId('history-row').filter({ hasText: 'first prompt' }).click();
  await waitFor('the drawer to say who', async () => {
    return (await page.getByTestId('cancelled-by').innerText()).includes('this dashboard');
  });
  await page.keyboard.press('Escape');
  await program.stop();
});

test('nothing is cancelled by Escape, and the focus is where it was', async () => {
  const program = twoChats();
  const button = rowOf('first prompt').getByTestId('cancel-button');
  await button.focus();
  await page.keyboard.press('Enter');
  await dialog().waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  expect(await button.evaluate((element) => element.matches(':focus'))).toBe(true);
  expect(await rowOf('first prompt').count()).toBe(1);
  await program.stop();
});

test('a client that may not be cancelled says so, and its call goes on', async () => {
  const program = twoChats({ LLM_MONITOR_CANCEL: 'off', LLM_MONITOR_APP: 'strict' });
  const row = rowOf('second prompt').filter({ hasText: 'strict' });
  await row.getByTestId('cancel-button').click();
  await page.getByTestId('cancel-confirm').click();
  const outcome = page.getByTestId('cancel-outcome');
  await outcome.waitFor();
  expect(await outcome.getAttribute('data-kind')).toMatch(/^not-(aborted|reached)$/);
  expect(await outcome.innerText()).toContain('LLM_MONITOR_CANCEL');
  await page.keyboard.press('Enter');
  await dialog().waitFor({ state: 'detached' });
  expect(program.output()).not.toContain('AbortError');
  expect(await row.count()).toBe(1);
  await program.stop();
});
