// @vitest-environment happy-dom
import {
  aHost,
  aModel,
  anActiveCall,
  anApp,
  anEndedCall,
  aState,
  aStatus,
} from '@llm-monitor/contracts/live/samples';
import type { AnyRequest } from '@llm-monitor/contracts/rest';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { all, only, showApp, START, textOf } from '../show-app.tsx';

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 8000 });
const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const gpu = {
  ...{ name: 'Big GPU', load_percent: 91, vram_used_bytes: 2 ** 33, vram_total_bytes: 2 ** 34 },
  ...{ power_watts: 287, temperature_celsius: null },
};

beforeEach(() => localStorage.clear());
afterEach(() => render(null, document.body));

test('a model whose calls run is used now, whenever they began', async () => {
  const model = aModel({ name: 'phi3', last_used: iso(-3600) });
  const { feed } = showApp(aState({ models: [model], active: [anActiveCall({ model: 'phi3' })] }), {
    address: '/models',
  });
  await eventually(() => expect(textOf('model-row')).toMatch(/now$/));
  feed.live.set(aState({ models: [model] }));
  await eventually(() => expect(textOf('model-row')).toMatch(/1 h ago$/));
});

describe('the page of hosts', () => {
  const show = (...hosts: Parameters<typeof aHost>[0][]) =>
    showApp(aState({ hosts: hosts.map((host) => aHost(host)) }), { address: '/hosts' });

  test.each([
    [[], 'No GPU'],
    [null, 'cannot tell'],
    [[gpu], 'Big GPU'],
  ])('tells of GPUs %o: %s', async (gpus, said) => {
    show({ gpus });
    await eventually(() => expect(textOf('host-gpu')).toContain(said));
  });

  test('shows a dash for what a GPU does not tell', async () => {
    show({ gpus: [gpu] });
    await eventually(() => expect(textOf('host-gpu')).toContain('287 W'));
    expect(textOf('host-gpu')).toContain('Temperature—');
    expect(textOf('host-gpu')).toContain('8.0 GiB of 16.0 GiB');
  });

  test('says how long an agent is silent, and claims nothing of now', async () => {
    show({
      ...{ online: false, last_seen: iso(-288) },
      unseen_activity: { since: iso(0), model: null, evidence: 'cpu' },
      models_loaded: [
        {
          ...{ name: 'phi3', size_bytes: 1, vram_bytes: 1, context_length: 1 },
          expires_at: iso(300),
        },
      ],
    });
    await eventually(() => expect(textOf('host')).toContain('last heard of 5 m ago'));
    expect(only('host')?.dataset['state']).toBe('offline');
    expect(only('unseen-banner')).toBeUndefined();
    // What wants a person's eyes the alerts say, and these say nothing.
    expect(only('alerts-mark')).toBeUndefined();
    expect(only('loaded-model')).toBeUndefined();
  });

  test("counts a keep-alive down by the host's own clock", async () => {
    show({
      clock_skew: 60,
      models_loaded: [
        {
          ...{ name: 'phi3', size_bytes: 2 ** 32, vram_bytes: 0, context_length: 4096 },
          expires_at: iso(12.4 + 60 + 100),
        },
      ],
    });
    await eventually(() => expect(textOf('keep-alive')).toBe('1 m 40 s'));
    expect(textOf('loaded-model')).toContain('on the CPU');
  });

  test('says how to get an agent while there is none', async () => {
    show();
    await eventually(() => expect(document.body.textContent).toContain('./llm-monitor up'));
  });
});

describe('a session', () => {
  const show = (count: number, cursor: string | null) => {
    const calls = Array.from({ length: count }, (_, i) =>
      anEndedCall({
        ...{ id: `call-${i}`, tokens_generated: 2 },
        ...{ started_at: iso(-10 * (i + 1)), ended_at: iso(-10 * i) },
      }),
    );
    showApp(aState({}), { address: '/history?session=s-1', found: { calls, cursor } });
  };
  const note = () =>
    only('session-timeline')
      ?.closest('section')
      ?.querySelector('.panel-note')
      ?.textContent?.replaceAll('\u00a0', ' ');

  test.each([
    [1, null, '1 call in 10.0 s, 2 tokens generated'],
    [100, null, '100 calls in 16 m 40 s, 200 tokens generated'],
    // Neither what was not read yet nor what is not drawn is passed over in silence.
    [100, 'older', 'the newest 100 calls in 16 m 40 s, 200 tokens generated'],
    [500, null, 'the newest 300 calls in 50 m 00 s, 600 tokens generated'],
  ])('of %i calls, where the API would read on at %s: %s', async (count, cursor, said) => {
    show(count, cursor);
    await eventually(() => expect(note()).toBe(said));
  });
});

describe('the page of apps', () => {
  test('shows which processes are there, which are gone, and what is missing', async () => {
    const instance = { host: 'here', running: 1, queued: 0, dropped_events: 9 };
    const app = anApp({
      ...{ name: 'trader', total_requests: 7, dropped_requests: 3 },
      instances: [
        {
          ...{ ...instance, instance: 'one', online: true, last_seen: iso(10) },
          dropped_requests: 3,
        },
        {
          ...{ ...instance, instance: 'two', online: false, last_seen: iso(-108) },
          dropped_requests: 0,
        },
      ],
    });
    showApp(aState({ apps: [app], active: [anActiveCall({ app: 'trader' })] }), {
      address: '/apps',
    });
    await eventually(() => expect(all('app-instance')).toHaveLength(2));
    const [there, gone] = all('app-instance').map((each) => each.textContent);
    expect(there).toContain('3 calls missing');
    expect(gone?.replaceAll('\u00a0', ' ')).toContain('gone for 2 m');
    expect(gone).toContain('9 events given up');
  });
});

describe('what is missing', () => {
  test('is told on every page, and not while nothing is', async () => {
    const { feed } = showApp(aState({ status: aStatus({ total_requests: 1 }) }));
    expect(only('drops-notice')).toBeUndefined();
    feed.live.set(aState({ status: aStatus({ dropped_requests: 1, dropped_events: 4 }) }));
    await eventually(() => expect(textOf('drops-notice')).toContain('1 call is missing'));
    feed.live.set(aState({ status: aStatus({ dropped_events: 4 }) }));
    await eventually(() => expect(textOf('drops-notice')).toContain('gave up 4 events'));
  });
});

describe('the navigation', () => {
  test('goes from page to page without a reload, and keeps demo traffic', async () => {
    const { router } = showApp(aState(), { address: '/?demo=true' });
    document.querySelector<HTMLAnchorElement>('a[href="/hosts?demo=true"]')?.click();
    await eventually(() => expect(document.body.textContent).toContain('No agent'));
    expect(router.route.get()).toEqual({
      ...{ page: 'hosts', item: null, demo: true, request: null, filter: '' },
    });
    expect(document.title).toBe('Hosts · LLM Monitor');
    expect(document.querySelector('[aria-current="page"]')?.textContent).toBe('Hosts');
    expect(document.activeElement?.id).toBe('content');
  });
});

describe("a call's drawer", () => {
  test('shows a running call while it runs, and its end as soon as that is known', async () => {
    const call = anActiveCall({ phase: 'generating', tokens_generated: 12 });
    const { feed } = showApp(aState({ active: [call] }), { address: '/?req=request-1' });
    await eventually(() => expect(textOf('drawer-tokens')).toContain('≈ 12'));
    const end = anEndedCall({ tokens_generated: 80, tokens_source: 'server' });
    feed.live.set(aState({ recent: [end] }));
    await eventually(() => expect(textOf('drawer-tokens')).toBe('Generated80'));
  });

  test('shows the end of a call that ended unseen, and is not among the last that ended', async () => {
    const call = anActiveCall({ phase: 'generating', tokens_generated: 12 });
    let isRead = false;
    let kept: AnyRequest = call;
    const { feed } = showApp(aState({ active: [call] }), {
      address: '/?req=request-1',
      get kept() {
        isRead = true;
        return kept;
      },
    });
    await eventually(() => expect(isRead).toBe(true));
    kept = anEndedCall({ tokens_generated: 80, tokens_source: 'server' });
    feed.live.set(aState());
    await eventually(() => expect(textOf('drawer-tokens')).toBe('Generated80'));
  });

  test('asks again for a call that runs and is not told live', async () => {
    vi.useFakeTimers();
    let kept: AnyRequest = anActiveCall({ phase: 'generating', tokens_generated: 12 });
    showApp(aState(), {
      address: '/?req=request-1',
      get kept() {
        return kept;
      },
    });
    await eventually(() => expect(textOf('drawer-tokens')).toContain('≈ 12'));
    kept = anEndedCall({ tokens_generated: 80, tokens_source: 'server' });
    await vi.advanceTimersByTimeAsync(7000);
    await eventually(() => expect(textOf('drawer-tokens')).toBe('Generated80'));
    vi.useRealTimers();
  });

  test('says who cancelled, and what the server took meanwhile', async () => {
    const kept = anEndedCall({
      ...{ status: 'cancelled', outcome: 'cancelled', cancelled_by: 'dashboard' },
      resources: { cpu_percent: 240, memory_bytes: 3 * 2 ** 30 },
    });
    showApp(aState(), { address: '/models?req=request-1', kept });
    await eventually(() => expect(textOf('cancelled-by')).toBe('Cancelled by this dashboard'));
    expect(textOf('call-resources')).toContain('2.4 cores');
    expect(textOf('call-resources')).toContain('3.0 GiB');
  });

  test('says that a call is not kept', async () => {
    showApp(aState(), { address: '/?req=long-gone' });
    await eventually(() => expect(textOf('call-drawer')).toContain('not kept'));
  });
});

describe('cancelling', () => {
  const press = (id: string) => only(id)?.click();

  test('does nothing before it is confirmed, then shows that it is under way', async () => {
    const onCancel = vi.fn<() => Promise<never>>(() => new Promise<never>(() => undefined));
    showApp(aState({ active: [anActiveCall()] }), { onCancel });
    press('cancel-button');
    await eventually(() => expect(textOf('cancel-dialog')).toContain('This call alone'));
    expect(onCancel).not.toHaveBeenCalled();
    press('cancel-confirm');
    press('cancel-confirm');
    await eventually(() => expect(only('cancel-button')?.dataset['pending']).toBe('true'));
    expect(onCancel).toHaveBeenCalledTimes(1);
  });

  test('says why a call was not cancelled', async () => {
    const answer = { id: 'request-1', reached: true, aborted: false, reason: 'it is too late' };
    showApp(aState({ active: [anActiveCall()] }), { onCancel: () => Promise.resolve(answer) });
    press('cancel-button');
    await eventually(() => expect(only('cancel-confirm')).toBeDefined());
    press('cancel-confirm');
    await eventually(() => expect(textOf('cancel-outcome')).toContain('it is too late'));
    expect(only('cancel-outcome')?.dataset['kind']).toBe('not-aborted');
  });

  test('has nothing left to do where the call ends while it is asked about', async () => {
    const { feed } = showApp(aState({ active: [anActiveCall()] }));
    only('active-row')?.dispatchEvent(new Event('pointermove', { bubbles: true }));
    press('cancel-button');
    await eventually(() => expect(only('cancel-dialog')).toBeDefined());
    feed.live.set(aState({ recent: [anEndedCall()] }));
    await eventually(() => expect(only('cancel-outcome')?.dataset['kind']).toBe('ended'));
    expect(only('cancel-confirm')).toBeUndefined();
  });
});
