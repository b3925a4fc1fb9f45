import { emptyRollup } from '@llm-monitor/contracts/redis';
import { describe, expect, test } from 'vitest';

import type { Slice } from '../rollups/read-rollups.ts';
import type { DemoFilter } from '../store.ts';
import { INSTANCE_FRESH_MS, type Instance } from './instances.ts';
import { toAppStats } from './to-app-stats.ts';

const NOW = Date.UTC(2026, 4, 10, 12);

function aSlice(app: string, model: string, started: number, demo = false): Slice {
  const rollup = emptyRollup();
  rollup.counts.started = started;
  rollup.lastUsedMs = NOW - 1000;
  return { of: { app, model, host: '', demo }, rollup };
}

const anInstance = (
  app: string,
  instance: string,
  of: Partial<Instance['beat']> & { agoMs?: number } = {},
): Instance => {
  const { agoMs = 5000, ...beat } = of;
  return { app, seenAtMs: NOW - agoMs, skewMs: 0, beat: { app, instance, running: 1, ...beat } };
};

const apps = (
  of: { slices?: Slice[]; instances?: Instance[]; active?: Record<string, number> },
  demo: DemoFilter = false,
) =>
  toAppStats({
    slices: of.slices ?? [],
    instances: of.instances ?? [],
    active: new Map(Object.entries(of.active ?? {})),
    demo,
    nowMs: NOW,
  });

test('apps come with their models, the most used first', () => {
  const slices = [
    aSlice('bot', 'phi3', 2),
    aSlice('shop', 'phi3', 1),
    aSlice('shop', 'mistral', 1),
    aSlice('shop', 'llama3.2:3b', 4),
  ];
  expect(apps({ slices, active: { bot: 1 } })).toMatchObject([
    { name: 'shop', models: ['llama3.2:3b', 'mistral', 'phi3'], total_requests: 6 },
    { name: 'bot', models: ['phi3'], total_requests: 2, active_requests: 1 },
  ]);
});

describe('an app whose processes only say that they run', () => {
  const instances = [anInstance('idle', 'one')];

  test('is shown without figures', () => {
    expect(apps({ instances })).toMatchObject([
      { name: 'idle', total_requests: 0, last_used: null, models: [], success_rate: null },
    ]);
  });

  test('is not in the view of demo traffic', () => {
    expect(apps({ instances }, 'only')).toEqual([]);
  });

  test('is not among the real ones when all of its calls are demo traffic', () => {
    const slices = [aSlice('idle', 'phi3', 3, true)];
    expect(apps({ instances, slices })).toEqual([]);
    expect(apps({ instances, slices }, 'only')).toMatchObject([
      { name: 'idle', total_requests: 3, instances: [{ instance: 'one' }] },
    ]);
  });
});

test('drops are those of all processes that are shown', () => {
  const instances = [
    anInstance('shop', 'one', { droppedEvents: 4, droppedRequests: 2 }),
    anInstance('shop', 'two', { droppedEvents: 1, agoMs: 10 * 60_000 }),
    anInstance('bot', 'three', { droppedEvents: 100 }),
  ];
  const shop = apps({ instances }).find(({ name }) => name === 'shop');
  expect(shop).toMatchObject({ dropped_events: 5, dropped_requests: 2 });
});

test('a process is online until it says that it ends, or is silent', () => {
  const instances = [
    anInstance('shop', 'runs', { host: 'here', queued: 3, agoMs: INSTANCE_FRESH_MS }),
    anInstance('shop', 'silent', { queued: 3, agoMs: INSTANCE_FRESH_MS + 1 }),
    anInstance('shop', 'ended', { stopping: true, agoMs: 1000 }),
  ];
  const [shop] = apps({ instances });
  expect(shop?.instances).toEqual([
    {
      ...{ instance: 'ended', host: null, online: false, last_seen: '2026-05-10T11:59:59.000Z' },
      ...{ running: 0, queued: 0, dropped_events: 0, dropped_requests: 0 },
    },
    {
      ...{ instance: 'runs', host: 'here', online: true, last_seen: '2026-05-10T11:59:25.000Z' },
      ...{ running: 1, queued: 3, dropped_events: 0, dropped_requests: 0 },
    },
    expect.objectContaining({ instance: 'silent', online: false, running: 0, queued: 0 }),
  ]);
});

test('of very many processes the last heard of are listed, and the drops of all are counted', () => {
  const instances = Array.from({ length: 150 }, (_, n) =>
    anInstance('shop', `process-${n}`, { agoMs: n, droppedEvents: 1 }),
  );
  const [shop] = apps({ instances });
  expect(shop?.instances).toHaveLength(100);
  expect(shop?.instances.at(-1)?.instance).toBe('process-99');
  expect(shop?.dropped_events).toBe(150);
});
