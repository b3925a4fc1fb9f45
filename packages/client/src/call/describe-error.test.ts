import { describe, expect, test } from 'vitest';

import { resultOfThrown } from './describe-error.ts';

describe('what was thrown', () => {
  test('by an abort is a cancellation', () => {
    const { reason } = AbortSignal.abort();
    expect(resultOfThrown(reason, 5)).toEqual({
      outcome: 'cancelled',
      cancelledBy: 'app',
      atMs: 5,
    });
  });

  test.each([
    new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
    new TypeError('fetch failed', {
      cause: { code: 'UND_ERR_HEADERS_TIMEOUT', message: 'Headers' },
    }),
  ])('by a time-out is a failure of its own type: %s', (error) => {
    expect(resultOfThrown(error, 5)).toMatchObject({
      outcome: 'timeout',
      error: { type: 'TimeoutError' },
    });
  });

  test('names its cause, and no credentials of a URL', () => {
    const error = new TypeError('cannot reach http://joe:hunter2@host:1/', {
      cause: new Error('connect ECONNREFUSED'),
    });
    expect(resultOfThrown(error, 5).error).toEqual({
      type: 'TypeError',
      message: 'cannot reach http://host:1/: connect ECONNREFUSED',
    });
  });

  const hostile = {
    get name() {
      throw new Error('hands off');
    },
  };
  test.each([undefined, null, 'text', 1n, Object.create(null), hostile])(
    'may be anything, case %#',
    (thrown) => {
      expect(resultOfThrown(thrown, 5)).toMatchObject({
        outcome: 'error',
        error: { type: 'Error' },
      });
    },
  );
});
