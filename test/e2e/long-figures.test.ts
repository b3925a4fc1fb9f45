// What is counted and measured can be read, however much it is.
import { expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';

let stack: Dashboard['stack'];
let page: Dashboard['page'];

const DURATION_MS = 3 * 3_600_000;

useDashboard(async (dashboard) => {
  ({ stack, page } = dashboard);
  const call = aCall({ startedAt: new Date(Date.now() - DURATION_MS) });
  const usage = { inputTokens: 23_000_000, outputTokens: 12_000_000, source: 'server' as const };
  await publish(dashboard.bus, [
    call.started(),
    call.completed({ durationMs: DURATION_MS, ttftMs: 1_300_000, usage }),
  ]);
});

/** A text as a canvas drew it: where it begins, from the left edge of the canvas. */
interface Drawn {
  chart: string;
  text: string;
  left: number;
}

/** Only what is written towards the right: the figures of the upright axis. */
const KEEP_WHAT_IS_DRAWN = `
  globalThis.drawn = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    if (this.textAlign === 'right') {
      const chart = this.canvas.closest('[data-testid]')?.dataset.testid ?? '';
      globalThis.drawn.push({ chart, text, left: x - this.measureText(text).width });
    }
    fillText.call(this, text, x, y);
  };
`;

test('figures at the axes of charts are not cut, and times are round', async () => {
  await page.addInitScript(KEEP_WHAT_IS_DRAWN);
  await page.goto(`${stack.web.url}/`);
  for (const chart of ['tokens', 'response', 'firstToken']) {
    await page.getByTestId(`chart-${chart}`).locator('canvas').waitFor();
  }
  await page.getByTestId('chart-memory').locator('canvas').waitFor();
  const drawn = await page.evaluate(() => (globalThis as unknown as { drawn: Drawn[] }).drawn);
  const of = (chart: string) => drawn.filter((each) => each.chart === `chart-${chart}`);
  const textsOf = (chart: string) => [
    ...new Set(of(chart).map(({ text }) => text.replaceAll('\u00a0', ' '))),
  ];

  expect(textsOf('tokens')).toContain('20,000,000');
  expect(drawn.filter(({ left }) => left < 0)).toEqual([]);
  expect(textsOf('response')).toEqual(expect.arrayContaining(['1 h 00 m', '2 h 00 m']));
  expect(textsOf('firstToken')).toEqual(expect.arrayContaining(['10 m 00 s', '20 m 00 s']));
});

test.each([1280, 1024, 768, 375])(
  'no figure of a row is cut where the page is %i px wide',
  async (width) => {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ['/', '/models', '/apps', '/history']) {
      await page.goto(`${stack.web.url}${path}`);
      const figures = page.locator('#content .row:not(.is-head) .cell.is-number');
      await figures
        .filter({ hasText: /12,000,000/ })
        .first()
        .waitFor();
      const cut = await figures.evaluateAll((cells) =>
        cells
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map(({ textContent }) => textContent),
      );
      expect(cut, path).toEqual([]);
    }
  },
);
