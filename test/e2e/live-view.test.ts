import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent } from '@llm-monitor/contracts/events';
import type { Frame } from '@llm-monitor/contracts/live';
import type { Status } from '@llm-monitor/contracts/rest';
import { jetstream } from '@nats-io/jetstream';
import { beforeEach, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { HEAR_MESSAGES } from '../helpers/hear-messages.ts';
import { publish } from '../helpers/publish.ts';
import { useDashboard, type Dashboard } from '../helpers/use-dashboard.ts';
import { waitFor } from '../helpers/wait-for.ts';

const STOPPED_MS = 12_000;
const ONE_PAINT_MS = 17;

let stack: Dashboard['stack'];
let bus: Dashboard['bus'];
let browser: Dashboard['browser'];
let page: Dashboard['page'];

useDashboard((dashboard) => {
  ({ stack, bus, browser, page } = dashboard);
});
beforeEach(async () => {
  await page.goto(stack.web.url);
  await waitFor('the page to be live', async () => (await state()) === 'live');
});

const state = () => page.getByTestId('connection-state').getAttribute('data-state');
const running = (id: string) => page.locator(`[data-testid="active-row"][data-request-id="${id}"]`);
const ended = (id: string) => page.locator(`[data-testid="history-row"][data-request-id="${id}"]`);

/** Progress of a call of the app `bot`. */
function tell(requestId: string, chunks: number): void {
  const model = 'llama3.2:3b';
  const event = createEvent({
    ...{ id: `${requestId}:${chunks}`, source: '/test', type: 'llm.progress.v1' },
    time: new Date().toISOString(),
    data: {
      ...{ requestId, app: 'bot', model, phase: 'generating', chunks, chars: chunks * 4 },
      tokensPerSecond: 20,
    },
  });
  bus.publish(subjects.progress('bot', model), JSON.stringify(event));
}

test('a paused view stands still, counts what begins, and loses none of it', async () => {
  const before = aCall({ requestId: 'before-pause' });
  await publish(bus, [before.started()]);
  await running('before-pause').waitFor();
  const total = () => page.getByTestId('tile-total').getAttribute('data-value');
  await waitFor('the figures', async () => (await total()) === '1');
  await page.getByRole('button', { name: 'Pause' }).click();
  await waitFor('the pause', async () => (await state()) === 'paused');
  // The running texts have run for the last time.
  await page.getByText('+0 new calls').waitFor();
  const elapsed = () => running('before-pause').locator('.is-time').innerText();
  const stood = await elapsed();
  const meanwhile = Array.from({ length: 12 }, (_, i) => aCall({ requestId: `meanwhile-${i}` }));
  await publish(bus, [
    before.completed(),
    ...meanwhile.flatMap((call) => [call.started(), call.completed()]),
  ]);
  await page.getByText('+12 new calls').waitFor();
  expect(await running('before-pause').count()).toBe(1);
  expect(await elapsed()).toBe(stood);
  expect(await page.getByTestId('history-row').count()).toBe(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await ended('meanwhile-11').waitFor();
  await ended('before-pause').waitFor();
  expect(await page.getByTestId('history-row').count()).toBe(13);
  expect(await running('before-pause').count()).toBe(0);
  expect(await total()).toBe('13');
});

test('a stream without a token for long looks stopped, says for how long, and goes on', async () => {
  const call = aCall({ requestId: 'stopping', app: 'bot', startedAt: new Date() });
  await publish(bus, [call.started(), call.firstToken()]);
  const row = running('stopping');
  await row.waitFor();
  await waitFor('tokens', async () => {
    tell('stopping', 10);
    return (await row.innerText()).includes('≈\u00a010');
  });
  expect(await row.getByTestId('stopped').count()).toBe(0);
  await row.getByTestId('stopped').waitFor({ timeout: STOPPED_MS + 10_000 });
  expect((await row.getByTestId('stopped').innerText()).replace('\u00a0', ' ')).toMatch(
    /^No token for 1\d s$/,
  );
  expect(await row.locator('.spark path').getAttribute('d')).toMatch(/^M.*L/);
  // What it was told last is not how fast it is now.
  expect(await row.getByTestId('active-rate').innerText()).toMatch(/^0\b/);
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.setViewportSize({ width: 320, height });
  const word = row.getByTestId('stopped').locator('.badge-word');
  const [isWide, isHigh] = await word.evaluate((it) => {
    const box = it as unknown as Record<`${'scroll' | 'client'}${'Width' | 'Height'}`, number>;
    return [box.scrollWidth > box.clientWidth, box.scrollHeight > box.clientHeight];
  });
  expect({ isWide, isHigh }).toEqual({ isWide: false, isHigh: false });
  await page.setViewportSize({ width, height });
  await page.reload();
  // Not counted anew from when the page saw it.
  await row.getByTestId('stopped').waitFor({ timeout: STOPPED_MS / 2 });
  await waitFor('it to go on', async () => {
    tell('stopping', 11);
    return (await row.getByTestId('stopped').count()) === 0;
  });
});

test('what fires is told beside the running calls, in the navigation and on its page', async () => {
  expect(await page.getByTestId('alerts-mark').count()).toBe(0);
  await page.getByRole('link', { name: 'Alerts' }).click();
  // No alerts service runs here: the page says so, and sees for itself what it can.
  await page.getByTestId('alerts-away').waitFor();
  await jetstream(bus).publish('llm.request.started.app.model', '{"no": "event"}');
  const alert = page.getByTestId('alert');
  await alert.waitFor();
  expect(await alert.getAttribute('data-kind')).toBe('letters');
  expect(await page.getByTestId('alerts-mark').innerText()).toContain('1 firing');
  await alert.getByRole('link', { name: 'Look closer' }).click();
  await page.getByTestId('dead-letter').waitFor();
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await page.getByTestId('rail').getByText('1 message could not be used.').waitFor();
});

test('calls that end above the pointer move no row', async () => {
  const calls = Array.from({ length: 8 }, (_, i) => aCall({ requestId: `held-call-${i}` }));
  await publish(
    bus,
    calls.map((call) => call.started()),
  );
  await running('held-call-7').waitFor();
  const place = async () => (await running('held-call-7').boundingBox())!.y;
  await running('held-call-6').hover();
  const stood = await place();
  await publish(
    bus,
    calls.slice(0, 6).map((call) => call.completed()),
  );
  await waitFor('their ends', async () => {
    const status = (await (await fetch(`${stack.web.url}/api/status`)).json()) as Status;
    return status.completed_requests >= 19;
  });
  await waitFor('held rows', async () => (await page.getByTestId('held-row').count()) >= 6);
  expect(await place()).toBe(stood);
});

test('a hidden page is right again as soon as it is seen', async () => {
  const hide = (isHidden: boolean) =>
    page.evaluate(`{
      Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }`);
  const stalling = aCall({ requestId: 'stalling', app: 'bot', startedAt: new Date() });
  await publish(bus, [stalling.started(), stalling.firstToken()]);
  await waitFor('its first tokens', async () => {
    tell('stalling', 10);
    return (await running('stalling').innerText()).includes('≈\u00a010');
  });
  await hide(true);
  const calls = Array.from({ length: 15 }, (_, i) => aCall({ requestId: `while-hidden-${i}` }));
  await publish(
    bus,
    calls.flatMap((call) => [call.started(), call.completed()]),
  );
  await waitFor('their ends', async () => {
    const answer = await fetch(`${stack.web.url}/api/requests/while-hidden-14`);
    return ((await answer.json()) as { status?: string }).status === 'completed';
  });
  // The last that is heard of it: nothing of it comes after the return.
  await waitFor('its last tokens to be kept', async () => {
    tell('stalling', 57);
    const answer = await fetch(`${stack.web.url}/api/requests/stalling`);
    return ((await answer.json()) as { tokens_generated?: number }).tokens_generated === 57;
  });
  expect(await ended('while-hidden-14').count()).toBe(0);
  await hide(false);
  await ended('while-hidden-14').waitFor();
  expect(await ended('while-hidden-0').count()).toBe(1);
  await running('stalling').getByText('≈\u00a057').waitFor();
  expect(await state()).toBe('live');
});

test('a new call is there with the first paint after the one frame that tells it, and nothing is asked for it', async () => {
  const own = await browser.newPage({ locale: 'en-GB' });
  await own.addInitScript(HEAR_MESSAGES);
  await own.clock.install();
  // Its trends come by themselves, a moment after it is live.
  await own.goto(stack.web.url, { waitUntil: 'networkidle' });
  const connection = own.getByTestId('connection-state');
  await waitFor('the page to be live', async () => {
    return (await connection.getAttribute('data-state')) === 'live';
  });
  // From here on time passes in the page when the test says so: no interval and no time-out comes to its help.
  await own.clock.pauseAt(Date.now() + 2000);
  await own.clock.runFor(1000);
  const asked: string[] = [];
  own.on('request', (request) => asked.push(request.url()));
  await publish(bus, [aCall({ requestId: 'seen-at-once' }).started()]);
  await own.evaluate('whenHeard("seen-at-once")');
  await own.clock.runFor(ONE_PAINT_MS);
  const row = own.locator('[data-testid="active-row"][data-request-id="seen-at-once"]');
  expect(await row.count()).toBe(1);
  expect(asked).toEqual([]);
  const [message = '', ...others] = await own.evaluate<string[]>('heardWith("seen-at-once")');
  const [event, { ops, prev, pos }] = JSON.parse(message.slice(2)) as [string, Frame];
  expect([event, ops.map(([kind]) => kind), others]).toEqual(['frame', ['start'], []]);
  expect(pos).not.toEqual(prev);
  await own.close();
});

/** Which properties of the styles were animated when a new row was lit. */
const HEAR_ANIMATIONS = `
  window.animated = [];
  document.addEventListener('animationstart', ({ target }) => {
    if (!target.closest('.row.is-new')) return;
    for (const { effect } of document.getAnimations()) {
      for (const frame of effect.getKeyframes()) {
        const { offset, computedOffset, easing, composite, ...styles } = frame;
        window.animated.push(...Object.keys(styles));
      }
    }
  });`;

test('the light of a new row fades without work of the page: only opacity and place are ever animated', async () => {
  const own = await browser.newPage({ locale: 'en-GB' });
  await own.addInitScript(HEAR_ANIMATIONS);
  await own.goto(stack.web.url);
  let calls = 0;
  await waitFor(
    'a new row to be lit',
    async () => {
      const call = aCall({ requestId: `lit-row-${(calls += 1)}` });
      await publish(bus, [call.started(), call.completed({ durationMs: 1 })]);
      return own.evaluate<boolean>('animated.length > 0');
    },
    { everyMs: 250 },
  );
  const animated = new Set(await own.evaluate<string[]>('animated'));
  await own.close();
  expect([...animated].filter((name) => !['opacity', 'transform'].includes(name))).toEqual([]);
});
