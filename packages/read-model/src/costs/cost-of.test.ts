import type { CostSettings } from '@llm-monitor/contracts/rest';
import { expect, test } from 'vitest';

import { costOf, fits } from './cost-of.ts';

const settings: CostSettings = {
  currency: 'EUR',
  price_per_kwh: 0.3,
  cloud_prices: [
    { model: 'llama*:70b', input_per_million: 1, output_per_million: 2 },
    { model: 'llama*', input_per_million: 0.1, output_per_million: 0.2 },
  ],
};
const call = { model: 'llama3.1:70b', energyWh: 20, inputTokens: 500_000, outputTokens: 250_000 };

test('energy by its price, and the same tokens by the first price that fits', () => {
  expect(costOf([call], settings)).toEqual({ currency: 'EUR', energy: 0.006, cloud: 1 });
  const small = { ...call, model: 'llama3.2:3b' };
  expect(costOf([call, small], settings)).toEqual({ currency: 'EUR', energy: 0.012, cloud: 1.1 });
});

test('what is not known, or has no price, is null and never 0', () => {
  const none = { ...settings, price_per_kwh: null };
  expect(costOf([call], none)).toEqual({ currency: 'EUR', energy: null, cloud: 1 });
  expect(costOf([{ ...call, energyWh: null }], settings)?.energy).toBeNull();
  expect(costOf([{ ...call, model: 'phi3' }], settings)?.cloud).toBeNull();
  expect(costOf([{ ...call, inputTokens: null, outputTokens: null }], settings)?.cloud).toBeNull();
  expect(costOf([{ ...call, model: 'phi3' }], none)).toBeUndefined();
  expect(costOf([], settings)).toBeUndefined();
});

test('of several models those count that have a price', () => {
  expect(costOf([call, { ...call, model: 'phi3', energyWh: null }], settings)).toEqual({
    ...{ currency: 'EUR', energy: 0.006, cloud: 1 },
  });
});

test.each([
  ['llama3', 'llama3', true],
  ['llama3', 'llama', false],
  ['llama3', '*', true],
  ['llama3.2:3b', 'llama*:3b', true],
  ['aa', 'a*aa', false],
  ['a.b', 'a?b', false],
  [`${'a'.repeat(5000)}b`, '*a*a*a*a*a*a*a*a*c', false],
])('%s fits %s: %s', (name, pattern, isFit) => {
  expect(fits(name, pattern)).toBe(isFit);
});
