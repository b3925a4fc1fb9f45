import type { Frame, LiveOp } from '@llm-monitor/contracts/live';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { HEAR_MESSAGES } from '../helpers/hear-messages.ts';
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

const LOAD = { calls: 1000, frames: 100, changesPerFrame: 50, everyMs: 50 };
/** Ten times a second is enough for eyes. */
const BETWEEN_DRAWINGS_MS = 100;
const MOST_NODES = 1500;
const MOST_ROWS = 40;

/** Counts in the page what is drawn of the running calls. */
const COUNT_DRAWINGS = `
  window.drawn = { times: 0, rows: 0, nodes: 0 };
  const isRow = (node) => node.dataset?.testid === 'active-row';
  document.addEventListener('DOMContentLoaded', () => new MutationObserver((records) => {
    const changed = records.flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes]);
    if (changed.some(isRow)) drawn.times++;
    drawn.rows += records.flatMap(({ addedNodes }) => [...addedNodes]).filter(isRow).length;
    drawn.nodes = Math.max(drawn.nodes, document.querySelectorAll('*').length);
  }).observe(document.body, { childList: true, subtree: true }));
`;

/** In each frame some of the oldest calls end, as many begin, and others tell their progress. */
function steadyLoad() {
  const begin = (i: number, startedAtMs: number) => ({
    ...aRunningCall!,
    ...{ id: `load-${String(i).padStart(5, '0')}`, app: 'desk', tokens_generated: 0 },
    started_at: new Date(startedAtMs).toISOString(),
  });
  const running = Array.from({ length: LOAD.calls }, (_, i) => begin(i, NOW - 60_000 + i));
  const active = [...running];
  let serial = LOAD.calls;
  const frames = Array.from({ length: LOAD.frames }, (_, frame) => {
    const ops: LiveOp[] = [];
    const at = new Date(NOW + frame * LOAD.everyMs).toISOString();
    for (let i = 0; i < LOAD.changesPerFrame / 5; i++) {
      const { id, started_at } = running.shift()!;
      ops.push(['end', { ...anEndedCall!, id, app: 'desk', started_at, ended_at: at }]);
      running.push(begin(serial++, NOW + frame * LOAD.everyMs + i));
      ops.push(['start', { ...running.at(-1)! }]);
    }
    for (const call of running.slice(0, LOAD.changesPerFrame - ops.length)) {
      call.tokens_generated += 7;
      ops.push(['progress', `${call.id}:desk`, 'generating', call.tokens_generated, 30, null]);
    }
    return { ops, last: running.at(-1)!.id };
  });
  return { active: structuredClone(active), frames, running };
}

test('a thousand changes a second to a thousand calls are drawn ten times a second, in one go, and no more than is in sight', async () => {
  const load = steadyLoad();
  const recording = { ...snapshot, active: load.active, recent: [] };
  const steady = await startReplay({ snapshot: recording, frames: [], ops: 0 });
  onTestFinished(() => steady.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.addInitScript(HEAR_MESSAGES);
  await page.addInitScript(COUNT_DRAWINGS);
  await page.clock.install();
  await page.goto(steady.url);
  const tile = page.getByTestId('tile-active');
  const isRunning = async (calls: number) =>
    (await tile.getAttribute('data-value')) === String(calls);
  await waitFor('all running calls', () => isRunning(LOAD.calls));
  // From here on time passes in the page when the test says so, however long the machine takes.
  await page.clock.pauseAt(Date.now() + 2000);
  await page.clock.runFor(1000);
  await page.evaluate('drawn.times = drawn.rows = drawn.nodes = 0');
  for (const { ops, last } of load.frames) {
    steady.send(ops);
    await page.evaluate(`whenHeard('${last}')`);
    await page.clock.runFor(LOAD.everyMs);
  }
  await page.clock.runFor(2 * BETWEEN_DRAWINGS_MS);
  const drawn = () => page.evaluate<{ times: number; rows: number; nodes: number }>('drawn');
  const { times, rows, nodes } = await drawn();
  const most = (LOAD.frames * LOAD.everyMs) / BETWEEN_DRAWINGS_MS + 2;
  expect(times).toBeGreaterThan(most / 4);
  expect(times).toBeLessThanOrEqual(most);
  expect(rows).toBeLessThanOrEqual(times * MOST_ROWS);
  expect(nodes).toBeLessThanOrEqual(MOST_NODES);
  // Nothing waits to be shown, and what is shown is true.
  await page.clock.runFor(2000);
  expect((await drawn()).times).toBe(times);
  expect(await isRunning(LOAD.calls)).toBe(true);
  const shown = page.getByTestId('active-row');
  const tokens = await page.getByTestId('active-tokens').first().innerText();
  const [oldest] = load.running;
  expect(await shown.first().getAttribute('data-request-id')).toBe(oldest!.id);
  expect(tokens).toBe(`≈\u00a0${oldest!.tokens_generated}`);
  await page.close();
});
