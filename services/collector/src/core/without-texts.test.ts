import { decodeRecord, encodeRecord, type RequestRecord } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { withoutTexts } from './without-texts.ts';

const fieldsOf = (record: Partial<RequestRecord>) => {
  const flat = encodeRecord(record);
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

test('texts go, and so does what an error says; figures and names stay', () => {
  const fields = fieldsOf({
    ...{ ...asked, promptPreview: 'my secret', prompt: 'my secret', promptTruncated: true },
    ...{ ...ended, responsePreview: 'told', response: 'told', responseTruncated: false },
    error: { type: 'TypeError', message: 'cannot read "my secret"', status: 500 },
  });
  const bare = withoutTexts(fields);
  expect(JSON.stringify(bare)).not.toMatch(/secret|told/);
  expect(decoded(bare ?? fields)).toEqual({
    ...{ id: 'request-1', app: 'shop', bits: 5, ...asked, ...ended },
    error: { type: 'TypeError', message: '', status: 500 },
  });
});

test('a call without texts is left as it is', () => {
  expect(withoutTexts(fieldsOf({ ...asked, ...ended }))).toBeUndefined();
  expect(withoutTexts({ a: '', z: '' })).toBeUndefined();
});

test('a call that runs has no end to write', () => {
  const bare = withoutTexts(fieldsOf({ ...asked, promptPreview: 'my secret' }));
  expect(bare?.z).toBe('');
  expect(decoded(bare ?? { a: '', z: '' })).toMatchObject(asked);
});
