import { expect, test } from 'vitest';

import { createWaitingPhases } from './waiting-phases.ts';

const calls = (...keys: string[]) => keys.map((key) => ({ key, model: key.split('-')[0] ?? '' }));
const server = (ready: string[], generating: Record<string, number> = {}) => ({
  ready: new Set(ready),
  generating: new Map(Object.entries(generating)),
});
const shown = (phases: ReadonlyMap<string, string>) => Object.fromEntries(phases);

test('a model that is not in memory is loaded for the first call, and others queue behind it', () => {
  const phases = createWaitingPhases();
  expect(shown(phases.look(calls('a-1', 'a-2', 'b-1'), server(['b'])))).toEqual({
    'a-1': 'loading',
    'a-2': 'queued',
    'b-1': 'prompt',
  });
  expect(shown(phases.look(calls('a-1', 'a-2'), server(['a', 'b'])))).toEqual({
    'a-1': 'prompt',
    'a-2': 'queued',
  });
});

test('a call queues while another generates, and reads its prompt when that has ended', () => {
  const phases = createWaitingPhases();
  expect(shown(phases.look(calls('a-2'), server(['a'], { a: 1 })))).toEqual({ 'a-2': 'queued' });
  expect(shown(phases.look(calls('a-2'), server(['a'])))).toEqual({ 'a-2': 'prompt' });
});

test('a model that was seen to serve two at once has room for two', () => {
  const phases = createWaitingPhases();
  phases.look([], server(['a'], { a: 2 }));
  expect(shown(phases.look(calls('a-3', 'a-4'), server(['a'], { a: 1 })))).toEqual({
    'a-3': 'prompt',
    'a-4': 'queued',
  });
});

test('a phase never goes back, and who reads its prompt keeps its place', () => {
  const phases = createWaitingPhases();
  phases.look(calls('a-2'), server(['a']));
  // An older call is heard of late; the model is being unloaded.
  expect(shown(phases.look(calls('a-1', 'a-2'), server([])))).toEqual({
    'a-1': 'queued',
    'a-2': 'prompt',
  });
});

test('of so many models as an app may name only those that generated last are known', () => {
  const phases = createWaitingPhases();
  for (const model of ['a', 'b']) phases.look([], server([model], { [model]: 2 }));
  for (let n = 0; n < 999; n++) {
    phases.look([], server([], { [`other${n}`]: 1, b: 1 }));
  }
  const waiting = calls('a-2', 'a-3', 'b-2', 'b-3');
  expect(shown(phases.look(waiting, server(['a', 'b'], { a: 1, b: 1 })))).toEqual({
    ...{ 'a-2': 'queued', 'a-3': 'queued', 'b-2': 'prompt', 'b-3': 'queued' },
  });
});
