import { describe, expect, test } from 'vitest';

import { createCallResources } from './call-resources.ts';
import type { Usage } from './process-usage.ts';

const T = 1_778_000_000_000;
const at = (ms: number, cpuMs: number, memoryBytes = 1000): Usage => ({
  ...{ atMs: T + ms, count: 1, cpuMs, memoryBytes },
});
const aCall = (requestId: string, server = 0) => ({ app: 'shop', requestId, server });

describe('the resources of a call', () => {
  test('are the mean load and the highest memory while it ran', () => {
    const resources = createCallResources();
    resources.begin(aCall('request-1'));
    resources.note(0, at(0, 500));
    resources.note(0, at(1000, 2500, 9000));
    resources.note(0, at(2000, 2500, 3000));
    resources.end('shop', 'request-1');
    resources.note(0, at(9000, 99_999, 99_999));
    expect(resources.take()).toEqual([
      { app: 'shop', requestId: 'request-1', cpuPercent: 100, memoryBytes: 9000, samples: 3 },
    ]);
  });

  test('are told while it runs, when there is something new, and twice at its end', () => {
    const resources = createCallResources();
    resources.begin(aCall('request-1'));
    expect(resources.take()).toEqual([]);
    resources.note(0, at(0, 0));
    expect(resources.take()).toMatchObject([{ cpuPercent: null, memoryBytes: 1000, samples: 1 }]);
    expect(resources.take()).toEqual([]);
    resources.note(0, at(100, 50));
    resources.end('shop', 'request-1');
    expect(resources.take()).toMatchObject([{ cpuPercent: 50, samples: 2 }]);
    expect(resources.take()).toMatchObject([{ cpuPercent: 50, samples: 2 }]);
    expect(resources.take()).toEqual([]);
  });

  test('are those of its own server', () => {
    const resources = createCallResources();
    resources.begin(aCall('request-1', 0));
    resources.begin(aCall('request-2', 1));
    resources.note(1, at(0, 0));
    expect(resources.take().map(({ requestId }) => requestId)).toEqual(['request-2']);
  });

  test('are not made up where no process was seen', () => {
    const resources = createCallResources();
    resources.begin(aCall('request-1'));
    resources.end('shop', 'request-1');
    resources.end('shop', 'request-2');
    expect(resources.take()).toEqual([]);
  });

  test('of more calls than an event holds are told in turns', () => {
    const resources = createCallResources();
    for (let i = 0; i < 300; i++) resources.begin(aCall(`request-${i}`));
    resources.note(0, at(0, 0));
    const first = resources.take();
    const second = resources.take();
    expect([first.length, second.length]).toEqual([256, 44]);
    expect(new Set([...first, ...second].map(({ requestId }) => requestId)).size).toBe(300);
  });

  test('of more calls than samples can tell are told soon or not at all, and never pile up', () => {
    const resources = createCallResources();
    let made = 0;
    let told: string[] = [];
    for (let sample = 0; sample < 50; sample++) {
      for (let i = 0; i < 400; i++) {
        const call = aCall(`request-${made++}`);
        resources.begin(call);
        resources.note(0, at(made, made));
        resources.end(call.app, call.requestId);
      }
      told = resources.take().map(({ requestId }) => requestId);
    }
    const oldest = Math.min(...told.map((id) => Number(id.slice('request-'.length))));
    expect([told.length, new Set(told).size]).toEqual([256, 256]);
    expect(oldest).toBeGreaterThan(made - 10 * 256);
  });
});
