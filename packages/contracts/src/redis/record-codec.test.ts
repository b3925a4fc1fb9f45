import { expect, test } from 'vitest';

import { decodeRecord, encodeRecord, formOf, type RecordForm } from './record-codec.ts';
import type { RequestRecord } from './request-record.ts';
import { ASKED_CODES, RESULT_CODES } from './short-codes.ts';
import { isShortForm, type ShortCodes } from './short-form.ts';

const OF = { id: 'request-1', app: 'shop' };
const hashOf = (record: Partial<RequestRecord>, form: RecordForm) => {
  const flat = encodeRecord(record, form);
  const hash: Record<string, string> = { b: '5' };
  for (let i = 0; i + 1 < flat.length; i += 2) hash[flat[i]!] = flat[i + 1]!;
  return hash;
};

const whole: RequestRecord = {
  ...{ ...OF, bits: 5, model: 'llama3.2:3b', provider: 'ollama', operation: 'chat', stream: true },
  ...{ serverAddress: '127.0.0.1', serverPort: 11_434, promptChars: 20, tags: ['night'] },
  ...{ promptPreview: 'Why "so"\n{dark}?', durationMs: 1234.5, outcome: 'completed', chunks: 40 },
  usage: { inputTokens: 31, outputTokens: 40, source: 'server' },
  ollama: { totalDurationNs: 1_234_500_000, evalDurationNs: 9 },
};

test('the short form is a sign and a value for each field, and JSON for the rest', () => {
  expect(hashOf(whole, 'short')).toEqual({
    b: '5',
    a: 'Mllama3.2:3b\u001F!%(+/c20VWhy "so"\n{dark}?\u001F{"tg":["night"]}',
    z: 'd1234.5!i31o40,t1234500000v9k40',
  });
});

test.each(['json', 'short'] as const)('a record comes back from %s', (form) => {
  const hash = hashOf(whole, form);
  expect(decodeRecord(OF, hash)).toEqual(whole);
  expect([hash['a'], hash['z']].map((stored) => formOf(stored ?? ''))).toEqual([form, form]);
});

test('what was asked and how it ended may have forms of their own', () => {
  const hash = { ...hashOf(whole, 'short'), z: hashOf(whole, 'json')['z']! };
  expect(decodeRecord(OF, hash)).toEqual(whole);
});

test.each([
  ['a text that holds the end of texts', { promptPreview: 'a\u001Fb', model: 'm' }],
  ['half of a character', { promptPreview: 'a\uD83D', responsePreview: '\uDE00' }],
  ['an empty text', { promptPreview: '', finishReason: '' }],
  ['a number with an exponent', { durationMs: 1e-7, outputChars: 1e21 }],
  ['a negative number', { timeoutMs: -1, durationMs: -0.5 }],
  ['an object of nothing', { ollama: {} }],
  ['a field that has no sign', { usage: { source: 'server', cached: 3 } }],
  ['a value of another kind', { serverPort: '11434', stream: 'yes', demo: false, keepAlive: '5m' }],
  ['a name that steers objects', { error: JSON.parse('{"type":"E","message":"","__proto__":1}') }],
  ['nothing', {}],
])('%s comes back', (_, fields) => {
  const record = fields as unknown as Partial<RequestRecord>;
  const back = decodeRecord(OF, hashOf(record, 'short'));
  expect(back).toEqual(decodeRecord(OF, hashOf(record, 'json')));
  expect(back).toEqual({ ...OF, bits: 5, model: 'unknown', ...record });
  expect(Object.getPrototypeOf(back?.error ?? {})).toBe(Object.prototype);
});

test('signs that a later version adds are passed over, whatever is behind them', () => {
  const [a, z] = ['Mm:1\u001FZanything {}c1\u001F~z-3.5c20', 'd5~Qtext'];
  expect(decodeRecord(OF, { b: '5', a, z })).toEqual({
    ...{ ...OF, bits: 5, model: 'm:1', promptChars: 20, durationMs: 5 },
  });
});

test.each([
  ['', false],
  ['{}', true],
  ['{', false],
  ['5', false],
  ['Mm:1', false],
  ['Mm:1\u001F', true],
  ['d', false],
  ['d1.2.3', false],
  ['d-1.5!', true],
  ['d1{"us":{}}', true],
  ['d1{"us":{}', false],
  ['d1{"us":{}}!', false],
  ['A\u001FZ\u001Fa1z2', true],
  ['!{"a":"{\u001F"}', false],
])('%j is whole: %j', (stored, isWhole) => {
  expect(isShortForm(stored)).toBe(isWhole);
});

test('a sign says by its kind where its value ends', () => {
  const check = (codes: ShortCodes): void => {
    for (const { text = 'A', number = 'a', known = {}, parts = {} } of Object.values(codes)) {
      expect(text).toMatch(/^[A-Z]$/);
      expect(number).toMatch(/^[a-z]$/);
      for (const sign of Object.keys(known)) expect(sign).toMatch(/^[!#-,/:-@[-`|}~]$/);
      check(parts);
    }
  };
  check(ASKED_CODES);
  check(RESULT_CODES);
});

test('a hash without phase bits is no record', () => {
  expect(decodeRecord(OF, {})).toBeUndefined();
  expect(decodeRecord(OF, { rs: '{}' })).toBeUndefined();
});

test('what the server took is read beside both, and fields that nobody knows yet are passed over', () => {
  const rs = '{"cpuPercent":150,"memoryBytes":null}';
  expect(decodeRecord(OF, { b: '5', rs })?.resources).toEqual({
    ...{ cpuPercent: 150, memoryBytes: null },
  });
  const record = decodeRecord(OF, {
    b: '5',
    a: '{"m":"m:1","zz":5}',
    z: 'd7{"yy":{}}',
    later: '1',
  });
  expect(record).toEqual({ ...OF, bits: 5, model: 'm:1', durationMs: 7 });
});

test('only what there is of a record is written', () => {
  expect(encodeRecord({ bits: 1 }, 'json')).toEqual(['b', '1']);
  expect(encodeRecord({ bits: 1, model: 'm' }, 'short')).toEqual(['b', '1', 'a', 'Mm\u001F']);
});
