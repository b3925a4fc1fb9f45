import {
  decodeRecord,
  encodeRecord,
  formOf,
  type RecordForm,
  type RequestRecord,
} from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { withoutTexts } from './without-texts.ts';

const fieldsOf = (record: Partial<RequestRecord>, form: RecordForm) => {
  const flat = encodeRecord(record, form);
  const hash: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) hash[flat[i] ?? ''] = flat[i + 1] ?? '';
  return { a: hash['a'] ?? '', z: hash['z'] ?? '' };
};
const decoded = (fields: { a: string; z: string }) =>
  decodeRecord(
    { id: 'request-1', app: 'shop' },
    { b: '5', ...(fields.a && { a: fields.a }), ...(fields.z && { z: fields.z }) },
  );

const asked = { model: 'llama3.2:3b', promptChars: 12, tags: ['night'] };
const ended = { outcome: 'error', durationMs: 1234.5, outputChars: 3 } as const;

test.each(['json', 'short'] as const)(
  'texts go, and so does what an error says; figures and names stay, as %s',
  (form) => {
    const fields = fieldsOf(
      {
        ...{ ...asked, promptPreview: 'my secret', prompt: 'my secret', promptTruncated: true },
        ...{ ...ended, responsePreview: 'told', response: 'told', responseTruncated: false },
        error: { type: 'TypeError', message: 'cannot read "my secret"', status: 500 },
      },
      form,
    );
    const bare = withoutTexts(fields);
    expect(JSON.stringify(bare)).not.toMatch(/secret|told/);
    expect(decoded(bare ?? fields)).toEqual({
      ...{ id: 'request-1', app: 'shop', bits: 5, ...asked, ...ended },
      error: { type: 'TypeError', message: '', status: 500 },
    });
    expect([bare?.a, bare?.z].map((field) => formOf(field ?? ''))).toEqual([form, form]);
  },
);

test('a call of which each part has a form of its own keeps both', () => {
  const { a } = fieldsOf({ ...asked, promptPreview: 'my secret' }, 'json');
  const { z } = fieldsOf({ ...ended, responsePreview: 'told' }, 'short');
  const bare = withoutTexts({ a, z });
  expect(bare).toEqual({ a: fieldsOf(asked, 'json').a, z: fieldsOf(ended, 'short').z });
});

test.each(['json', 'short'] as const)('a call without texts is left as it is, as %s', (form) => {
  expect(withoutTexts(fieldsOf({ ...asked, ...ended }, form))).toBeUndefined();
  expect(withoutTexts({ a: '', z: '' })).toBeUndefined();
});

test.each(['json', 'short'] as const)('a call that runs has no end to write, as %s', (form) => {
  const bare = withoutTexts(fieldsOf({ ...asked, promptPreview: 'my secret' }, form));
  expect(bare?.z).toBe('');
  expect(decoded(bare ?? { a: '', z: '' })).toMatchObject(asked);
});

test.each(['json', 'short'] as const)(
  'a call that had texts alone is empty then, as %s',
  (form) => {
    const bare = withoutTexts(fieldsOf({ responsePreview: 'told' }, form));
    expect(bare).toEqual({ a: '', z: '{}' });
  },
);
