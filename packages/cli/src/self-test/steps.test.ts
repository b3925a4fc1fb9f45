import { describe, expect, it } from 'vitest';

import { runSteps, type Step, type StepResult } from './steps.ts';

const step = (title: string, run: () => Promise<string>): Step => ({
  title,
  advice: 'do this',
  run,
});

describe('runSteps', () => {
  it('tells of each step with its time, and stops at the first that fails', async () => {
    const results: StepResult[] = [];
    let clockMs = 0;
    const ok = await runSteps(
      [
        step('first', () => Promise.resolve('seen')),
        step('second', () => Promise.reject(new Error('gone'))),
        step('third', () => Promise.resolve('never')),
      ],
      { onResult: (result) => results.push(result), nowMs: () => (clockMs += 5) },
    );
    expect(ok).toBe(false);
    expect(results).toEqual([
      { title: 'first', ok: true, detail: 'seen', durationMs: 5 },
      { title: 'second', ok: false, detail: 'gone', advice: 'do this', durationMs: 5 },
    ]);
  });
});
