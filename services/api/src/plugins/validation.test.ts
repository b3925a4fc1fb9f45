import { Type } from '@llm-monitor/contracts/typebox';
import { describe, expect, test } from 'vitest';

import { createBodyValidator, createQueryValidator } from './validation.ts';

const validate = createQueryValidator(
  Type.Object({
    limit: Type.Integer({ minimum: 1, maximum: 5, default: 3, description: '1 to 5' }),
    q: Type.Optional(Type.String({ maxLength: 4, description: 'a short text' })),
  }),
);

test('digits become numbers, texts stay texts, and what is absent takes its default', () => {
  expect(validate({ q: '12' })).toEqual({ value: { limit: 3, q: '12' } });
  expect(validate({ limit: '5', q: '' })).toEqual({ value: { limit: 5 } });
});

test('where nothing is given each request gets defaults of its own, and what is needed is asked for', () => {
  const first = validate({});
  expect(first).toEqual({ value: { limit: 3 } });
  Object.assign(first.value as object, { limit: 1 });
  expect(validate({})).toEqual({ value: { limit: 3 } });
  const needed = createQueryValidator(
    Type.Object({ from: Type.String({ description: 'a time' }) }),
  );
  expect(() => needed({})).toThrow('"query" takes something else; it is "".');
});

test.each(['0', '6', '1.5', '0x2', '1e0', ' 2', 'true', '-1', '99999999999999999999'])(
  '"%s" is refused with what is taken',
  (limit) => {
    expect(() => validate({ limit })).toThrow(`"limit" takes 1 to 5; it is "${limit}".`);
  },
);

test('an unknown parameter is refused with those that there are', () => {
  expect(() => validate({ limt: '2' })).toThrow(
    'There is no parameter "limt". Known here: limit, q.',
  );
});

test('a parameter given twice is refused', () => {
  expect(() => validate({ q: ['a', 'b'] })).toThrow(/more than once/);
});

test('a long value or name is not repeated in full', () => {
  expect(() => validate({ q: 'x'.repeat(5000) })).toThrow(/^.{1,200}$/);
  expect(() => validate({ ['x'.repeat(5000)]: '1' })).toThrow(/^There is no .{1,200}$/);
});

describe('a body', () => {
  const check = createBodyValidator(
    Type.Object({
      reason: Type.Optional(Type.String({ maxLength: 4, description: 'a short text' })),
      times: Type.Optional(Type.Integer({ minimum: 1 })),
    }),
  );

  test('is given as it came, and may be left out', () => {
    expect(check({ reason: 'why', times: 2 })).toEqual({ value: { reason: 'why', times: 2 } });
    for (const none of [undefined, null, {}]) expect(check(none)).toEqual({ value: {} });
  });

  test.each([['a text'], [5], [[]], [true]])('that is no object (%j) is refused', (body) => {
    expect(() => check(body)).toThrow('The body is a JSON object, or is left out.');
  });

  test('with a field that is unknown is refused with those that there are', () => {
    expect(() => check({ reson: 'why' })).toThrow(
      'There is no parameter "reson". Known here: reason, times.',
    );
    expect(() => check(JSON.parse('{"constructor":1}'))).toThrow('no parameter "constructor"');
  });

  test('with a bad value is refused with what is taken, where that is said', () => {
    expect(() => check({ times: 1, reason: 'because' })).toThrow(
      '"reason" takes a short text; it is "because".',
    );
    expect(() => check({ reason: 'why', times: 0 })).toThrow(
      '"times" takes something else; it is "0".',
    );
  });
});

test('where nothing is known, it is said that there is nothing', () => {
  expect(() => createQueryValidator(Type.Object({}))({ a: '1' })).toThrow('There are none here.');
});
