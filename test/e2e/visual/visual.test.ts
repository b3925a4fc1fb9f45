import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { projectRoot } from '../../helpers/project-root.ts';
import { startReplay, type Replay } from '../../helpers/replay.ts';
import { startBrowser } from '../../helpers/start-browser.ts';
import { answers, NOW, snapshot } from './sample-day.ts';

const FOLDER = join(projectRoot(), 'test/e2e/visual/snapshots');
const FONT = join(dirname(createRequire(import.meta.url).resolve('@fontsource/inter')), 'files');
/** `UPDATE_SNAPSHOTS=1` keeps what is drawn now. */
const IS_UPDATE = process.env['UPDATE_SNAPSHOTS'] === '1';
/** Another version of Chromium draws the edges of letters a little differently. */
const MOST_DIFFERENT = 0.002;
/** What runs by itself is left out. */
const STILL =
  '.connection-age, .is-time, .is-used, .spark, .rail .quiet.number { visibility: hidden !important; }';

const VIEWS = {
  live: { path: '/', sign: '[data-testid="rail"]' },
  history: { path: '/history', sign: '[data-testid="history-row"]' },
  models: { path: '/models', sign: '[data-testid="model-row"]' },
  apps: { path: '/apps', sign: '[data-testid="app-row"]' },
  hosts: { path: '/hosts', sign: '[data-testid="chart-memory"] canvas' },
  drawer: { path: '/?req=sample-call-2', sign: '[data-testid="call-drawer"]' },
};

let replay: Replay;
let browser: Browser;

beforeAll(async () => {
  const recording = { snapshot, frames: [], ops: 0 };
  replay = await startReplay(recording, { answers, standsStill: true, fontFolder: FONT });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await replay.close();
});

async function draw(page: Page, view: keyof typeof VIEWS): Promise<Buffer> {
  await page.clock.setFixedTime(NOW);
  await page.goto(replay.url + VIEWS[view].path);
  await page.locator(VIEWS[view].sign).first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready');
  return page.screenshot({
    ...{ animations: 'disabled', caret: 'hide', style: STILL },
  });
}

/** The part of the pixels that differ, and where to look at them. */
async function compare(name: string, drawn: Buffer): Promise<number> {
  const now = PNG.sync.read(drawn);
  const before = PNG.sync.read(await readFile(join(FOLDER, `${name}.png`)));
  if (before.width !== now.width || before.height !== now.height) return 1;
  const difference = new PNG({ width: now.width, height: now.height });
  const pixels = pixelmatch(before.data, now.data, difference.data, now.width, now.height, {
    threshold: 0.2,
  });
  const part = pixels / (now.width * now.height);
  if (part > MOST_DIFFERENT) {
    const folder = join(tmpdir(), 'llm-monitor-visual');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.png`), drawn);
    await writeFile(join(folder, `${name}-difference.png`), PNG.sync.write(difference));
    process.stderr.write(`${name} is drawn otherwise: see ${folder}\n`);
  }
  return part;
}

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each(Object.keys(VIEWS) as (keyof typeof VIEWS)[])(
    '%s looks as it was left',
    async (view) => {
      const context = await browser.newContext({
        ...{ colorScheme, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' },
        viewport: { width: 1280, height: 720 },
      });
      try {
        const name = `${view}-${colorScheme}`;
        const drawn = await draw(await context.newPage(), view);
        if (IS_UPDATE) {
          await mkdir(FOLDER, { recursive: true });
          await writeFile(join(FOLDER, `${name}.png`), drawn);
        }
        expect(existsSync(join(FOLDER, `${name}.png`))).toBe(true);
        expect(await compare(name, drawn)).toBeLessThanOrEqual(MOST_DIFFERENT);
      } finally {
        await context.close();
      }
    },
  );
});
