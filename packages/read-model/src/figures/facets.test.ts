import { emptyRollup } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { facetsOf } from './facets.ts';

function aSlice(model: string, app: string, counts: object) {
  const rollup = emptyRollup();
  Object.assign(rollup.counts, counts);
  return { of: { model, app, host: 'here', demo: false }, rollup };
}

const SLICES = [
  aSlice('phi3', 'chat', { completed: 5, failed: 3, timeouts: 1, cancelled: 2 }),
  aSlice('phi3', 'bot', { completed: 1 }),
  aSlice('llama', 'bot', { failed: 4, timeouts: 4 }),
  aSlice('idle', 'bot', { started: 9 }),
];
const statuses = (completed: number, failed: number, timeout: number, cancelled: number) =>
  Object.entries({ completed, failed, timeout, cancelled }).map(([name, count]) => ({
    name,
    count,
  }));

test('every ended call is counted once in each facet', () => {
  expect(facetsOf(SLICES, {})).toEqual({
    status: statuses(6, 2, 5, 2),
    model: [
      { name: 'phi3', count: 11 },
      { name: 'llama', count: 4 },
    ],
    app: [
      { name: 'chat', count: 10 },
      { name: 'bot', count: 5 },
    ],
    host: [{ name: 'here', count: 15 }],
  });
});

test('a facet is not narrowed by itself, but by all others', () => {
  const facets = facetsOf(SLICES, { model: 'phi3', status: ['timeout'] });
  expect(facets.status).toEqual(statuses(6, 2, 1, 2));
  expect(facets.model).toEqual([
    { name: 'llama', count: 4 },
    { name: 'phi3', count: 1 },
  ]);
  expect(facets.app).toEqual([{ name: 'chat', count: 1 }]);
});

test('what is counted beyond the cap of combinations is no value that a call could have', () => {
  const beyond = aSlice('other', 'other', { completed: 7 });
  beyond.of.host = 'other';
  const facets = facetsOf([...SLICES, beyond, aSlice('other', 'chat', { completed: 1 })], {});
  expect(facets.status).toEqual(statuses(14, 2, 5, 2));
  expect(facets.model.find(({ name }) => name === 'other')).toEqual({ name: 'other', count: 1 });
  expect(facets.app.map(({ name }) => name)).toEqual(['chat', 'bot']);
  expect(facets.host.map(({ name }) => name)).toEqual(['here']);
});
