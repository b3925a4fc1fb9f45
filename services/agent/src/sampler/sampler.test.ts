import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startSampler } from './sampler.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([3600_000, -3600_000, -86_400_000])(
  'a clock that is set by %i ms stops no samples, also when somebody wants the next one sooner',
  async (byMs) => {
    const taken: number[] = [];
    const sampler = startSampler({
      ...{ firstMs: 0, intervalMs: () => 10_000 },
      sample(nowMs) {
        taken.push(nowMs);
        return Promise.resolve();
      },
      onError: (error) => expect.unreachable(String(error)),
    });
    await vi.advanceTimersByTimeAsync(1000);
    expect(taken).toHaveLength(1);

    vi.setSystemTime(Date.now() + byMs);
    sampler.hurry(2000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(taken).toHaveLength(2);
    expect(taken[1]).toBe(Date.now());
    await vi.advanceTimersByTimeAsync(10_000);
    expect(taken).toHaveLength(3);
    expect(sampler.sinceLastSampleMs()).toBe(0);
    await sampler.stop();
  },
);
