import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { anAlert } from '../helpers/an-alert.ts';
import { startReplay, type Replay } from '../helpers/replay.ts';
import { startBrowser } from '../helpers/start-browser.ts';
import { snapshot } from './visual/sample-day.ts';

const WIDTHS = [320, 375, 600, 761, 901, 1020, 1240, 1261, 1280, 1341, 1441, 1701, 1920];

let browser: Browser;
let replay: Replay;
/** With bots the navigation has one page more. */
let withBots: Replay;

beforeAll(async () => {
  browser = await startBrowser();
  // What fires sets a mark beside its page.
  const alerts = { evaluated: true, items: [anAlert().alert] };
  const shown = { ...snapshot, alerts };
  replay = await startReplay({ snapshot: shown, frames: [], ops: 0 });
  const status = { ...snapshot.status, bots: 1 };
  withBots = await startReplay({ snapshot: { ...shown, status }, frames: [], ops: 0 });
});
afterAll(async () => {
  await browser.close();
  await Promise.all([replay.close(), withBots.close()]);
});

/** What of the head of the page is covered, cut off, or wider than the page. */
const FAULTS = `(() => {
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is too wide');
  for (const part of document.querySelectorAll('.status-bar :is(a, button), .connection-word, .brand-mark')) {
    const box = part.getBoundingClientRect();
    if (box.width === 0) continue;
    const name = part.getAttribute('aria-label') ?? (part.textContent || 'the sign');
    const isIn = (x) => {
      const seen = document.elementFromPoint(x, box.top + box.height / 2);
      return seen !== null && (part.contains(seen) || seen.contains(part));
    };
    if (box.left < 0 || box.right > innerWidth) faults.push(name + ' is cut off');
    else if (!isIn(box.left + 2) || !isIn(box.right - 2)) faults.push(name + ' is covered');
  }
  return faults;
})()`;

/** Of how old the data are, by the longest age that is told in seconds. */
const AGE_IS_CUT = `(() => {
  const age = document.querySelector('.connection-age');
  age.textContent = age.textContent.replace(/\\d+/, '59');
  return age.scrollWidth > age.clientWidth;
})()`;

async function faultsByWidth(page: Page, state: string): Promise<string[]> {
  await page.locator(`[data-testid="connection-state"][data-state="${state}"]`).waitFor();
  const faults: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 720 });
    const found = await page.evaluate<string[]>(FAULTS);
    faults.push(...found.map((fault) => `${width} px, ${state}: ${fault}`));
  }
  return faults;
}

test.each([
  ['en-GB', 'nobody', 'no bots'],
  ['it-IT', 'nobody', 'no bots'],
  ['en-GB', 'operator', 'no bots'],
  ['it-IT', 'operator', 'no bots'],
  ['it-IT', 'operator', 'bots'],
])(
  'whatever the connection has to say has room at every width: %s, logged in as %s, %s',
  async (locale, role, bots) => {
    const server = bots === 'bots' ? withBots : replay;
    const context = await browser.newContext({ locale, reducedMotion: 'reduce' });
    const cookie = { name: 'llm-monitor-csrf', value: `${role}.token`, url: server.url };
    if (role !== 'nobody') await context.addCookies([cookie]);
    const page = await context.newPage();
    await page.goto(server.url);
    const live = await faultsByWidth(page, 'live');
    await page.getByTestId('pause').click();
    const paused = await faultsByWidth(page, 'paused');
    await page.getByTestId('pause').click();
    server.hangUp();
    const away = await faultsByWidth(page, 'reconnecting');
    await page.setViewportSize({ width: 1280, height: 720 });
    if (role === 'nobody') expect(await page.evaluate(AGE_IS_CUT)).toBe(false);
    server.pickUp();
    await context.close();
    expect([...live, ...paused, ...away]).toEqual([]);
  },
);
