import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startReplay, type Replay } from '../helpers/replay.ts';
import { startBrowser } from '../helpers/start-browser.ts';
import { answers, snapshot } from './visual/sample-day.ts';

const PAGES = [
  ...['/', '/?req=sample-call-2', '/history', '/history?session=session-1', '/models'],
  ...['/models/phi3%3Alatest', '/apps', '/apps/optimizer', '/hosts', '/alerts', '/settings'],
  ...['/pipeline', '/nowhere', '/?demo=true'],
];
/** Names and words that both languages have, and what the replay says of what it has not. */
const SAME = new Set(
  'LLM Monitor Live Prompt App Host Hosts CPU GPU VRAM Id ID Provider API UTC EN IT CSV JSON English Italiano Server Parametri min max Not recorded'
    .toLowerCase()
    .split(' '),
);
const DATA = JSON.stringify([snapshot, answers]).toLowerCase();

let browser: Browser;
let replay: Replay;

beforeAll(async () => {
  browser = await startBrowser();
  replay = await startReplay({ snapshot, frames: [], ops: 0 }, { answers });
});
afterAll(async () => {
  await browser.close();
  await replay.close();
});

/** All that is to be read or heard. */
const TEXTS = `(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('script, noscript, pre, code')) found.push(walker.currentNode.data);
  for (const element of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder', 'data-title', 'aria-description'])
      if (element.hasAttribute(name)) found.push(element.getAttribute(name));
  return found;
})()`;

async function textsOf(page: Page, path: string): Promise<Set<string>> {
  await page.goto(replay.url + path, { waitUntil: 'networkidle' });
  return new Set((await page.evaluate<string[]>(TEXTS)).map((text) => text.trim()));
}

/** Two words or more that are no data, or one long one. */
function isText(text: string): boolean {
  const words = text.match(/\p{L}{2,}/gu) ?? [];
  const own = words.filter(
    (word) => !SAME.has(word.toLowerCase()) && !DATA.includes(word.toLowerCase()),
  );
  return own.length > 1 || (own[0]?.length ?? 0) > 4;
}

test('no page says in Italian what it says in English', async () => {
  const [english, italian] = await Promise.all(
    ['en-GB', 'it-IT'].map(async (locale) =>
      (await browser.newContext({ locale, timezoneId: 'UTC' })).newPage(),
    ),
  );
  const untranslated: string[] = [];
  for (const path of PAGES) {
    const [one, other] = await Promise.all([textsOf(english!, path), textsOf(italian!, path)]);
    expect(one.size).toBeGreaterThan(20);
    untranslated.push(...[...other].filter((text) => one.has(text) && isText(text)));
  }
  expect([...new Set(untranslated)]).toEqual([]);
  expect(await italian!.evaluate('document.documentElement.lang')).toBe('it');
});
