import type { Frame, LiveOp } from '@llm-monitor/contracts/live';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startReplay, type Replay } from '../helpers/replay.ts';
import { startBrowser } from '../helpers/start-browser.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { ended, NOW, snapshot } from './visual/sample-day.ts';

const SECONDS = 10;
const FRAMES_PER_SECOND = 20;
const CHANGES_PER_SECOND = 5000;
const RUNNING = 300;

const [aRunningCall] = snapshot.active;
const [anEndedCall] = ended;
let replay: Replay;
let browser: Browser;

/** Calls that begin and end, so many that nobody could read them; `RUNNING` are left. */
function floodOfFrames(): { frames: { atMs: number; frame: Frame }[]; last: string } {
  const perFrame = CHANGES_PER_SECOND / FRAMES_PER_SECOND / 2;
  const running: string[] = [];
  let serial = 0;
  const frames = Array.from({ length: SECONDS * FRAMES_PER_SECOND }, (_, i) => {
    const ops: LiveOp[] = [];
    const at = new Date(NOW + i * 50).toISOString();
    for (let change = 0; change < perFrame; change++) {
      const id = `flood-${String(serial++).padStart(6, '0')}`;
      running.push(id);
      ops.push(['start', { ...aRunningCall!, id, app: 'desk', started_at: at }]);
      const over = running.length > RUNNING ? running.shift() : undefined;
      if (over)
        ops.push(['end', { ...anEndedCall!, id: over, app: 'desk', started_at: at, ended_at: at }]);
    }
    const frame = { epoch: snapshot.epoch, serverTime: NOW, ops };
    return { atMs: i * 50, frame: { ...frame, pos: [`${i + 2}-0`], prev: [`${i + 1}-0`] } };
  });
  return { frames, last: running.at(-1) ?? '' };
}

const flood = floodOfFrames();

beforeAll(async () => {
  const start = { ...snapshot, active: [], recent: [] };
  replay = await startReplay({ snapshot: start, frames: flood.frames, ops: 0 });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await replay.close();
});

test('five thousand changes a second for ten seconds break nothing, and the end is right', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(replay.url);
  await waitFor('the page to be live', async () => {
    return (await page.getByTestId('connection-state').getAttribute('data-state')) === 'live';
  });
  await replay.play();
  const tile = page.getByTestId('tile-active');
  await waitFor('all running calls', async () => {
    return (await tile.getAttribute('data-value')) === String(RUNNING);
  });
  const table = page.getByRole('table', { name: 'Running calls' });
  expect(await table.getAttribute('aria-rowcount')).toBe(String(RUNNING + 1));
  await page
    .getByRole('group', { name: 'Running calls' })
    .evaluate((element) => element.scrollTo(0, 1e6));
  await page.locator(`[data-testid="active-row"][data-request-id="${flood.last}"]`).waitFor();
  const idsOf = (row: string) =>
    page
      .getByTestId(row)
      .evaluateAll((all) =>
        all.map(
          (each) => (each as unknown as { dataset: Record<string, string> }).dataset['requestId'],
        ),
      );
  const history = await waitFor('the newest end', async () => {
    const ids = await idsOf('history-row');
    return ids.length === 25 && ids;
  });
  const both = new Set(await idsOf('active-row'));
  expect(history.filter((id) => both.has(id))).toEqual([]);
  expect(problems).toEqual([]);
  await page.close();
});
