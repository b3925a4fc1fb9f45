import { expect, test } from 'vitest';

import { addRollupFields, durationField, emptyRollup, firstTokenField } from './counts.ts';
import {
  addLifetimeFields,
  emptyLifetime,
  inputTokensField,
  isOnlyInLifetime,
  outputTokensField,
  PER_TOKEN_SUM_FIELD,
  perTokenField,
  providerField,
} from './lifetime.ts';

const FIELDS = {
  ...{ n: '3', ok: '2', ko: '1', it: '7', ot: '70', dn: '2', ds: '900', fn: '2', fs: '80' },
  ...{ d5: '2', f3: '1', f0: '1', lu: '500' },
};

test('counts and histograms of several rollups add up, and the last use is the latest', () => {
  const rollup = emptyRollup();
  addRollupFields(rollup, FIELDS);
  addRollupFields(rollup, { ...FIELDS, lu: '400', d9: '1' });
  addRollupFields(rollup, { n: '-1', to: '1' });
  expect(rollup.counts).toMatchObject({
    ...{ started: 5, completed: 4, failed: 2, timeouts: 1, cancelled: 0 },
    ...{ inputTokens: 14, outputTokens: 140, inferences: 4, durationMs: 1800 },
    ...{ firstTokens: 4, firstTokenMs: 160, generatedTokens: 0 },
  });
  expect(rollup.counts).not.toHaveProperty('lastUsedMs');
  expect([...rollup.durations]).toEqual([
    [5, 4],
    [9, 1],
  ]);
  expect(Object.fromEntries(rollup.firstTokens)).toEqual({ 0: 2, 3: 2 });
  expect(rollup.lastUsedMs).toBe(500);
});

test('fields that a newer version may write are passed over', () => {
  const rollup = emptyRollup();
  addRollupFields(rollup, { 'd1.5': '1', dx: '1', x5: '1', future: '1', '5d': '1', '5f': '1' });
  expect(rollup).toEqual(emptyRollup());
});

test('a lifetime has besides how calls are spread over tokens, times per token and providers', () => {
  const fields = {
    ...FIELDS,
    ...{ [inputTokensField(2)]: '4', [outputTokensField(3)]: '5', [perTokenField(90)]: '6' },
    ...{ [PER_TOKEN_SUM_FIELD]: '240000', [providerField('ollama')]: '9' },
    ...{ [providerField('somebody')]: '1' },
  };
  const lifetime = emptyLifetime();
  addLifetimeFields(lifetime, fields);
  addLifetimeFields(lifetime, { ...fields, [inputTokensField(7)]: '1' });
  addLifetimeFields(lifetime, { n: '1', ok: '1', to: '1' });
  expect(lifetime.counts).toMatchObject({ started: 7, completed: 5, inputTokens: 14, timeouts: 1 });
  expect(Object.fromEntries(lifetime.inputTokens)).toEqual({ 2: 8, 7: 1 });
  expect(Object.fromEntries(lifetime.outputTokens)).toEqual({ 3: 10 });
  expect(Object.fromEntries(lifetime.perToken)).toEqual({ 90: 12 });
  expect(Object.fromEntries(lifetime.providers)).toEqual({ ollama: 18, _OTHER: 2 });
  expect(lifetime.perTokenUs).toBe(480_000);
  expect(Object.fromEntries(lifetime.durations)).toEqual({ 5: 4 });
});

test('providers that are not known are one, since names come from outside', () => {
  expect(['openai', 'somebody', undefined, 'constructor'].map(providerField)).toEqual([
    ...['p:openai', 'p:_OTHER', 'p:_OTHER', 'p:_OTHER'],
  ]);
});

test('what only a lifetime has is told from what every rollup has', () => {
  const only = [inputTokensField(2), outputTokensField(0), perTokenField(5), providerField('x')];
  expect([...only, PER_TOKEN_SUM_FIELD].map(isOnlyInLifetime)).not.toContain(false);
  const all = [...Object.keys(FIELDS), durationField(7), firstTokenField(7), 'to', 'gt', 'ej'];
  expect(all.map(isOnlyInLifetime)).not.toContain(true);
});
