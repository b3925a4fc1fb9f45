import { describe, expect, it } from 'vitest';

import { DEMO_APPS } from './demo-apps.ts';
import { planCall, type PlannedCall } from './plan-call.ts';

/** Numbers that look random and are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function planMany(count: number): PlannedCall[] {
  const random = seeded(7);
  return DEMO_APPS.flatMap((app) => Array.from({ length: count }, () => planCall(app, random)));
}

describe('planCall', () => {
  it('plays the same call for the same random numbers', () => {
    const [app] = DEMO_APPS;
    if (!app) throw new Error('no app');
    expect(planCall(app, seeded(3))).toEqual(planCall(app, seeded(3)));
  });

  it('lets calls end in every way, most of them well', () => {
    const calls = planMany(400);
    const share = (ending: string) =>
      calls.filter((call) => call.ending === ending).length / calls.length;
    expect(share('completed')).toBeGreaterThan(0.8);
    for (const ending of ['failed', 'timeout', 'cancelled']) {
      expect(share(ending)).toBeGreaterThan(0);
    }
  });

  it('gives patience to those who lose it, and faults to those that fail', () => {
    for (const call of planMany(200)) {
      const loses = call.ending === 'timeout' || call.ending === 'cancelled';
      expect(call.patienceMs !== undefined).toBe(loses);
      expect(call.script.fault !== undefined).toBe(
        call.ending === 'failed' || call.ending === 'timeout',
      );
    }
  });

  it('fills in every prompt', () => {
    for (const call of planMany(50)) expect(call.prompt).not.toMatch(/[{}]/);
  });

  it('lets every answer that is read begin by saying that it is simulated', () => {
    for (const call of planMany(50)) {
      if (call.operation !== 'embed') {
        expect(call.script.content?.join('')).toMatch(/^Simulated answer\. /);
      }
    }
  });
});
