import { OUTCOMES } from '@llm-monitor/contracts/events';
import {
  decodeRecord,
  encodeRecord,
  isShortForm,
  type RecordForm,
  type RequestRecord,
} from '@llm-monitor/contracts/redis';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { fuzzRuns } from './fuzz-runs.ts';

const OF = { id: 'request-1', app: 'shop' };
const hashOf = (record: Partial<RequestRecord>, form: RecordForm) => {
  const flat = encodeRecord(record, form);
  const hash: Record<string, string> = { b: '5' };
  for (let i = 0; i + 1 < flat.length; i += 2) hash[flat[i]!] = flat[i + 1]!;
  return hash;
};

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\u001F', '{', '"', '7', 'c', '\n', '夜', '\uD83D', '\uDE00'),
  }),
);
const number = fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const someOf = <T>(fields: { [Name in keyof T]: fc.Arbitrary<T[Name]> }) =>
  fc.record(fields, { requiredKeys: [] });
const anyRecord = someOf({
  ...{ model: text, host: text, provider: fc.oneof(text, fc.constantFrom('ollama', 'openai')) },
  ...{ operation: fc.oneof(text, fc.constant('chat')), stream: fc.boolean(), sessionId: text },
  ...{
    tags: fc.array(text),
    demo: fc.boolean(),
    serverPort: fc.oneof(number, fc.constant(11_434)),
  },
  ...{ parameters: fc.dictionary(text, number), promptChars: number, promptPreview: text },
  ...{ prompt: text, keepAlive: fc.oneof(text, number), durationMs: number, chunks: number },
  ...{ outcome: fc.constantFrom(...OUTCOMES), finishReason: fc.oneof(text, fc.constant('stop')) },
  usage: someOf({ inputTokens: number, source: fc.constantFrom('server', 'estimate', 'none') }),
  ...{ ollama: someOf({ loadDurationNs: number, evalDurationNs: number }), responsePreview: text },
  error: someOf({ type: text, message: text, status: number }),
});

test('whatever is in a record, the short form says what JSON says', () => {
  fc.assert(
    fc.property(anyRecord, (fields) => {
      const record = fields as unknown as Partial<RequestRecord>;
      const [short, json] = [hashOf(record, 'short'), hashOf(record, 'json')];
      // Redis keeps bytes.
      for (const name of ['a', 'z']) {
        if (short[name] === undefined) continue;
        short[name] = Buffer.from(short[name]).toString();
        expect(isShortForm(short[name])).toBe(true);
      }
      expect(decodeRecord(OF, short)).toEqual(decodeRecord(OF, json));
      expect(short['a']?.length ?? 0).toBeLessThanOrEqual(json['a']?.length ?? 0);
      expect(short['z']?.length ?? 0).toBeLessThanOrEqual(json['z']?.length ?? 0);
    }),
    fuzzRuns(2000),
  );
});
