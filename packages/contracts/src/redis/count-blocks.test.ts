import { expect, test } from 'vitest';

import { blockPlace, withoutBlocks } from './count-blocks.ts';
import { addRollupFields, durationField, emptyRollup, firstTokenField } from './counts.ts';
import { addLifetimeFields, emptyLifetime, inputTokensField, perTokenField } from './lifetime.ts';

test('neighbouring buckets are in one field, each by its place in it', () => {
  expect(blockPlace('d0')).toEqual({ block: 'D0', index: 0 });
  expect(blockPlace('f191')).toEqual({ block: 'F5', index: 31 });
  expect(blockPlace('t192')).toEqual({ block: 'T6', index: 0 });
  // Counts that are no buckets have no block, though their names begin like it.
  for (const field of ['dn', 'ds', 'fn', 'fs', 'it', 'ot', 'to', 'tu', 'lu', 'n', 'p:ollama']) {
    expect(blockPlace(field), field).toBeUndefined();
  }
});

test('a block says as much as its plain fields, of one digit for each number or of more', () => {
  expect(withoutBlocks({ D5: `411${'0'.repeat(26)}o`, n: '3' })).toEqual({
    ...{ d164: '1', d191: '63', n: '3' },
  });
  expect(withoutBlocks({ D5: '4110' })).toEqual({ d164: '1' });
  expect(withoutBlocks({ D5: `42${'10'}${'00'.repeat(26)}oo` })).toEqual({
    ...{ d164: '64', d191: '4095' },
  });
  expect(withoutBlocks({ T0: 'O1:', I0: '091oooooooo' })).toEqual({
    t31: '10',
    i0: String(2 ** 49 - 1),
  });
});

test('readers add what plain fields and blocks of a hash say', () => {
  const block = '412';
  const fields = { [durationField(164)]: '5', D5: block, [firstTokenField(3)]: '1', F5: block };
  const rollup = emptyRollup();
  addRollupFields(rollup, fields);
  expect([...rollup.durations]).toEqual([[164, 7]]);
  expect(Object.fromEntries(rollup.firstTokens)).toEqual({ 164: 2, 3: 1 });
  expect(withoutBlocks(fields)).toEqual({ d164: '7', f3: '1', f164: '2' });

  const lifetime = emptyLifetime();
  addLifetimeFields(lifetime, { T5: block, [perTokenField(1)]: '1', I0: block, O0: block });
  addLifetimeFields(lifetime, { [inputTokensField(4)]: '3', T5: block });
  expect(Object.fromEntries(lifetime.perToken)).toEqual({ 164: 4, 1: 1 });
  expect([...lifetime.inputTokens]).toEqual([[4, 5]]);
  expect([...lifetime.outputTokens]).toEqual([[4, 2]]);
  expect(lifetime.durations.size).toBe(0);
});

test('what has the name of a block and is none counts nothing', () => {
  const wrong = ['', '7', '12', '41', '4x1', '401', '4212123', 'P11', '/11', `01${'1'.repeat(33)}`];
  for (const text of wrong) {
    expect(withoutBlocks({ D5: text }), text).toEqual({});
    const rollup = emptyRollup();
    addRollupFields(rollup, { D5: text, F5: text });
    expect(rollup, text).toEqual(emptyRollup());
  }
  expect(withoutBlocks({ D: '411', Dx: '411' })).toEqual({ D: '411', Dx: '411' });
  const rollup = emptyRollup();
  addRollupFields(rollup, { D: '411', Dx: '411', F: '' });
  expect(rollup).toEqual(emptyRollup());
});
