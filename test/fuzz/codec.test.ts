import { parseEvent } from '@llm-monitor/collector/parse-event';
import { MAX_EVENT_BYTES } from '@llm-monitor/contracts/events';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { fuzzRuns } from './fuzz-runs.ts';

const NOW_MS = Date.parse('2026-05-01T12:00:00Z');
const REASONS = ['invalid-json', 'invalid-event', 'too-large', 'unknown-subject'];
const SUBJECT = 'llm.request.completed.app.model';
const aBody = () => aCall().completed().event as unknown as Record<string, unknown>;

const parse = (subject: string, body: Uint8Array, sentAt?: string) =>
  parseEvent({ subject, body, sentAt, brokerTimeMs: NOW_MS });
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Either an event whose times are times, or one of the known reasons with words for a person. */
function expectJudged(parsed: ReturnType<typeof parseEvent>): void {
  if ('reason' in parsed) {
    expect(REASONS).toContain(parsed.reason);
    expect(parsed.detail).not.toBe('');
    return;
  }
  expect(Number.isSafeInteger(parsed.atMs)).toBe(true);
  expect(Number.isFinite(parsed.startedAtMs)).toBe(true);
  expect(parsed.id).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
  // No event is placed after the moment in which the broker had it.
  expect(parsed.atMs).toBeLessThanOrEqual(NOW_MS + 1000);
}

test('any bytes under any subject are an event or are refused with a reason', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(SUBJECT), fc.string()),
      fc.uint8Array({ maxLength: 300 }),
      fc.option(fc.string(), { nil: undefined }),
      (subject, body, sentAt) => expectJudged(parse(subject, body, sentAt)),
    ),
    fuzzRuns(2000),
  );
});

test('any JSON is an event or is refused with a reason', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (json) =>
      expectJudged(parse(SUBJECT, new TextEncoder().encode(json))),
    ),
    fuzzRuns(2000),
  );
});

test('an event in which anything was put in the place of anything is used whole, or refused', () => {
  const names = Object.keys(aBody());
  const dataNames = Object.keys(aBody()['data'] as object);
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(NaN, -0, 1e308, -1, 2 ** 53, '', '9'.repeat(400), '\u0000', '__proto__'),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...names), odd), { maxLength: 2 }),
      fc.array(fc.tuple(fc.oneof(fc.constantFrom(...dataNames), fc.string()), odd), {
        maxLength: 3,
      }),
      (envelope, data) => {
        const body = aBody();
        body['data'] = { ...(body['data'] as object), ...Object.fromEntries(data) };
        expectJudged(parse(SUBJECT, encode({ ...body, ...Object.fromEntries(envelope) })));
      },
    ),
    fuzzRuns(3000),
  );
});

test('keys that steer objects stay data: no prototype changes, whatever they hold', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('__proto__', 'constructor', 'prototype'),
      fc.jsonValue({ maxDepth: 2 }),
      (key, value) => {
        const body = JSON.stringify(aBody()).replace(
          '"data":{',
          `"data":{${JSON.stringify(key)}:${JSON.stringify(value)},`,
        );
        expectJudged(parse(SUBJECT, new TextEncoder().encode(body)));
        expect(Object.keys(Object.prototype)).toEqual([]);
      },
    ),
    fuzzRuns(300),
  );
});

test('deep and long bodies are refused, and no stack overflows', () => {
  for (const depth of [100, 5000, 60_000]) {
    const deep = '['.repeat(depth) + ']'.repeat(depth);
    expectJudged(parse(SUBJECT, new TextEncoder().encode(deep)));
  }
  const long = encode({ ...aBody(), long: 'x'.repeat(MAX_EVENT_BYTES) });
  expect(parse(SUBJECT, long)).toMatchObject({ reason: 'too-large' });
});

test('a whole event survives, with its numbers as they were', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1_000_000 }),
      fc.nat({ max: 1_000_000 }),
      fc.integer({ min: 0, max: 86_400_000 }),
      (inputTokens, outputTokens, durationMs) => {
        const usage = { inputTokens, outputTokens, source: 'server' as const };
        const { subject, event } = aCall().completed({ usage, durationMs });
        const parsed = parse(subject, encode(event));
        expect(parsed).toMatchObject({ mark: 'end', data: { usage, durationMs } });
      },
    ),
    fuzzRuns(500),
  );
});
