import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { expect, test } from 'vitest';

import { baselineKey, learnBaselines } from './baselines.ts';

function anEnded(fields: Partial<EndedRequest> = {}): EndedRequest {
  return {
    ...({ model: 'm', demo: false, outcome: 'completed', duration: 3 } as EndedRequest),
    ...{ time_to_first_token: 1, tokens_generated: 100, tokens_source: 'server' },
    ...{ tokens_input: null, prompt_chars: null, phases: null },
    ...fields,
  };
}
const of = (calls: EndedRequest[]) => learnBaselines(calls).get(baselineKey({ model: 'm' }));
const times = (count: number, fields?: Partial<EndedRequest>) =>
  Array.from({ length: count }, () => anEnded(fields));

test('a median pace is known after five calls, from the time of generation', () => {
  expect(of(times(4))?.gapMs).toBeUndefined();
  expect(of(times(5))?.gapMs).toBe(20);
  const phases = { queue: 0, load: 0, prompt: 0, generation: 10 };
  expect(of(times(5, { phases }))?.gapMs).toBe(100);
});

test('the usual length is the one that 99 of 100 answers do not pass, and is known after twenty', () => {
  expect(of(times(19))?.outputTokens).toBeUndefined();
  expect(of([...times(39), anEnded({ tokens_generated: 9000 })])?.outputTokens).toBe(9000);
  expect(of([...times(399), anEnded({ tokens_generated: 9000 })])?.outputTokens).toBe(100);
});

test('only loads that took a noticeable time tell how long a load takes', () => {
  const loads = [0.01, 0.02, 4, 6, 5];
  const calls = loads.map((load) =>
    anEnded({ phases: { queue: 0, load, prompt: 0, generation: 1 } }),
  );
  expect(of(calls)?.loadMs).toBe(5000);
  expect(of(times(9))?.loadMs).toBeUndefined();
});

test('characters for each token are bounded by what real texts have', () => {
  const asked = { tokens_input: 100, prompt_chars: 380 };
  expect(of(times(5, asked))?.charsPerToken).toBe(3.8);
  expect(of(times(5, { ...asked, prompt_chars: 5000 }))?.charsPerToken).toBe(6);
});

test('demo traffic and failures teach nothing about real calls', () => {
  const baselines = learnBaselines([
    ...times(30, { demo: true }),
    ...times(30, { outcome: 'error', tokens_generated: 5 }),
  ]);
  expect([...baselines.keys()]).toEqual([baselineKey({ model: 'm', demo: true })]);
});

test('what too few calls show, or cannot show, is not known', () => {
  const known = of(times(5));
  expect(Object.keys(known ?? {})).toEqual(['gapMs']);
  // One token has no time to the next one.
  expect(of(times(9, { tokens_generated: 1 }))?.gapMs).toBeUndefined();
  expect(of(times(9, { time_to_first_token: null }))?.gapMs).toBeUndefined();
  expect(of(times(9, { duration: 1 }))?.gapMs).toBeUndefined();
  const nothing = { queue: 0, load: 0, prompt: 0, generation: 0 };
  expect(of(times(9, { phases: nothing }))?.gapMs).toBe(20);
  expect(of(times(30, { tokens_generated: 0 }))).toEqual({});
  expect(of(times(30, { tokens_generated: null }))).toEqual({});
});

test('short prompts, and tokens that nobody counted, tell nothing of characters for each token', () => {
  const asked = { tokens_input: 50, prompt_chars: 200 };
  expect(of(times(5, asked))?.charsPerToken).toBe(4);
  expect(of(times(4, asked))?.charsPerToken).toBeUndefined();
  for (const other of [
    ...[{ tokens_input: 49 }, { tokens_input: null }, { prompt_chars: null }],
    { tokens_source: 'estimate' as const },
  ]) {
    expect(of(times(9, { ...asked, ...other }))?.charsPerToken).toBeUndefined();
  }
});
