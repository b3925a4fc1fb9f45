import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent } from '@llm-monitor/contracts/events';
import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { beforeEach, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { createLoad } from '../helpers/load.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const MODEL = 'llama3.2:3b';

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let page: Dashboard['page'];

useDashboard(async (dashboard) => {
  ({ stack, bus, page } = dashboard);
  const load = createLoad({ seed: 21, calls: 40, share: { running: 0 } });
  await publish(bus, load.events);
});
beforeEach(async () => {
  await page.goto(stack.web.url);
  await page.getByTestId('history-row').first().waitFor();
});

function progress(requestId: string, chunks: number): void {
  const event = createEvent({
    ...{ id: `${requestId}:${chunks}`, source: '/test', type: 'llm.progress.v1' },
    time: new Date().toISOString(),
    data: {
      ...{ requestId, app: 'bot', model: MODEL, phase: 'generating', chunks, chars: chunks },
      tokensPerSecond: 10 + chunks,
    },
  });
  bus.publish(subjects.progress('bot', MODEL), JSON.stringify(event));
}

test('the elapsed time runs by itself, without traffic', async () => {
  await publish(bus, [
    aCall({ requestId: 'quiet-call', app: 'bot', startedAt: new Date() }).started(),
  ]);
  const elapsed = page.locator('[data-request-id="quiet-call"] .is-time');
  await elapsed.waitFor();
  const seen = new Set<string>();
  await waitFor(
    'ten more tenths of a second',
    async () => seen.add(await elapsed.innerText()).size > 10,
  );
});

test('tokens and their rate follow at least twice a second, as estimates that give way to the truth', async () => {
  const call = aCall({ requestId: 'counted-call', app: 'bot', startedAt: new Date() });
  await publish(bus, [call.started(), call.firstToken()]);
  const row = page.locator('[data-testid="active-row"][data-request-id="counted-call"]');
  await row.waitFor();
  await page.evaluate(`{
    window.rates = new Set();
    const cell = document.querySelector('[data-request-id="counted-call"] [data-testid="active-rate"]');
    new MutationObserver(() => rates.add(cell.textContent)).observe(cell, { subtree: true, characterData: true, childList: true });
  }`);
  const began = Date.now();
  let chunks = 0;
  const timer = setInterval(() => progress('counted-call', ++chunks), 100);
  try {
    const enough = () => page.evaluate<boolean>('rates.size >= 8');
    await waitFor('eight rates', enough);
  } finally {
    clearInterval(timer);
  }
  expect(Date.now() - began).toBeLessThan(8 * 500 + 1000);
  expect(await row.getByTestId('active-tokens').innerText()).toMatch(/^≈\s\d+$/);
  const usage = { inputTokens: 7, outputTokens: 123, source: 'server' } as const;
  await publish(bus, [call.completed({ usage })]);
  const tokens = page.locator(
    '[data-testid="history-row"][data-request-id="counted-call"] .is-tokens',
  );
  await tokens.waitFor();
  expect(await tokens.innerText()).toBe('123');
});

test('percentiles are those of the last calls, and say of how many', async () => {
  const answer = await fetch(`${stack.web.url}/api/requests?limit=50`);
  const durations = ((await answer.json()) as EndedRequest[])
    .filter(({ status }) => status === 'completed')
    .map(({ duration }) => duration)
    .sort((a, b) => a - b);
  const rank = (q: number) => durations[Math.ceil(q * durations.length) - 1]!;
  const tile = page.getByTestId('tile-response');
  await waitFor(
    'the median',
    async () => (await tile.getAttribute('data-value')) === String(rank(0.5)),
  );
  expect(await tile.innerText()).toContain(`last ${durations.length}`);
  expect(await tile.innerText()).toContain(`${rank(0.95).toFixed(1)}\u00a0s`);
});

test.each(['/', '/history', '/models/model-1%3A8b', '/settings'])(
  'by keyboard alone, what has the focus on %s is marked and in sight',
  async (path) => {
    await page.goto(stack.web.url + path, { waitUntil: 'networkidle' });
    const lost: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const fault = await page.evaluate<string | null>(`(() => {
        const { activeElement: element, body } = document;
        if (!element || element === body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const { left, top, width, height } = element.getBoundingClientRect();
        const isMarked = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
        const isIn = left + width > 0 && top + height > 0 && left < innerWidth && top < innerHeight;
        const hit = document.elementFromPoint(
          Math.min(innerWidth - 1, left + Math.min(width / 2, 8)),
          Math.min(innerHeight - 1, Math.max(0, top) + Math.min(height / 2, 8)),
        );
        const isCovered = hit !== null && !element.contains(hit) && !hit.contains(element);
        return isMarked && isIn && !isCovered ? null : element.outerHTML.slice(0, 140);
      })()`);
      if (fault !== null) lost.push(fault);
    }
    expect(lost).toEqual([]);
  },
);

test('every state has a word and an icon of its own, so that colours are not needed', async () => {
  const badges = page.locator('.badge');
  const states = await badges.evaluateAll((all) =>
    all.map((each) => {
      const badge = each as unknown as {
        className: string;
        textContent: string;
        querySelector(selector: string): { getAttribute(name: string): string } | null;
      };
      return [
        badge.className,
        badge.textContent.trim(),
        badge.querySelector('path')?.getAttribute('d') ?? '',
      ] as const;
    }),
  );
  const kinds = new Map(states.map(([state, word, icon]) => [state, { word, icon }]));
  expect(kinds.size).toBeGreaterThanOrEqual(4);
  for (const what of ['word', 'icon'] as const) {
    const own = new Set([...kinds.values()].map((each) => each[what]));
    expect(own.has('')).toBe(false);
    expect(own.size).toBe(kinds.size);
  }
});
