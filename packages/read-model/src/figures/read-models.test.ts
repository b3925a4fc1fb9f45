import { emptyRollup } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { toModelStats } from './read-models.ts';

const called = (...names: string[]) => new Map(names.map((name) => [name, emptyRollup()]));
const listed = (...names: string[]) => ({
  known: true,
  available: new Set(names),
  loaded: new Set<string>(),
  placesOf: () => [],
});
const none = {
  known: false,
  available: new Set<string>(),
  loaded: new Set<string>(),
  placesOf: () => [],
};
const active = new Map<string, number>();

test('a model is available under its short name too', () => {
  const models = toModelStats({
    ...{ called: called('mistral', 'phi3:mini'), active, onlyCalled: false },
    listed: listed('mistral:latest', 'phi3:medium'),
  });
  expect(models.map(({ name, available }) => [name, available])).toEqual([
    ['mistral', true],
    ['phi3:medium', true],
    ['phi3:mini', false],
  ]);
});

test('availability is unknown while no server has said what it has', () => {
  const models = toModelStats({
    called: called('mistral'),
    active,
    listed: none,
    onlyCalled: false,
  });
  expect(models).toMatchObject([{ available: null, loaded: null }]);
});

test('the view of demo traffic has no models that nobody called', () => {
  const models = toModelStats({
    ...{ called: called('demo'), active: new Map([['new', 2]]), onlyCalled: true },
    listed: listed('mistral:latest'),
  });
  expect(models.map(({ name }) => name)).toEqual(['demo', 'new']);
});
