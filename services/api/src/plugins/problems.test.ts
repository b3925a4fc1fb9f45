import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';

import { ProblemError } from '../problem.ts';
import { installProblems } from './problems.ts';

let app: FastifyInstance;
afterEach(() => app.close());

/** An app with one route that fails in this way. */
function failWith(error: Error, isStoreAway = false) {
  app = fastify({ genReqId: () => '' });
  installProblems(app, { isStoreAway: () => isStoreAway });
  app.get('/fails', () => {
    throw error;
  });
  return async (url = '/fails?token=secret') => {
    const { statusCode, headers, body } = await app.inject(url);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    return { statusCode, headers, body: JSON.parse(body) as Record<string, unknown> };
  };
}

test('a problem is answered as what it is, with its headers and members', async () => {
  const given = new ProblemError(409, 'Taken', 'Choose another.', { allow: 'GET' }, { by: 'x' });
  const { statusCode, headers, body } = await failWith(given)();
  expect([statusCode, headers['allow']]).toEqual([409, 'GET']);
  expect(body).toEqual({
    ...{ type: 'about:blank', title: 'Taken', status: 409, detail: 'Choose another.', by: 'x' },
  });
});

test('while Redis is away, whatever fails says so and when to ask again, but for what is wrong in the request', async () => {
  const { statusCode, headers, body } = await failWith(new Error('ECONNREFUSED'), true)();
  expect([statusCode, headers['retry-after']]).toEqual([503, '2']);
  expect(body['title']).toBe('Redis cannot be reached');
  await app.close();
  const wrong = await failWith(new ProblemError(400, 'Bad', 'Mend it.'), true)();
  expect(wrong.statusCode).toBe(400);
});

test.each([
  [400, 'Bad Request', /^as given$/],
  [413, 'Too large', /at most 64 KiB/],
  [415, 'Unsupported Media Type', /^as given$/],
  [499, 'Bad request', /^as given$/],
])('what Fastify refuses with %i is a problem of the request', async (status, title, detail) => {
  const error = Object.assign(new Error('as given'), { statusCode: status });
  const { statusCode, body } = await failWith(error)();
  expect([statusCode, body['title']]).toEqual([status, title]);
  expect(body['detail']).toMatch(detail);
});

test.each([undefined, 500, 399, 600])(
  'a fault (status %s) tells nothing of what is inside, and each has a number',
  async (statusCode) => {
    const ask = failWith(Object.assign(new Error('secret path /etc'), { statusCode }));
    const bodies = [(await ask()).body, (await ask()).body];
    expect(bodies.map(({ status, title }) => [status, title])).toEqual([
      [500, 'Internal error'],
      [500, 'Internal error'],
    ]);
    expect(JSON.stringify(bodies)).not.toContain('secret');
    expect(bodies.map(({ detail }) => /request (req-\d)/.exec(String(detail))?.[1])).toEqual([
      ...['req-1', 'req-2'],
    ]);
  },
);

test('where there is nothing, the path is named without what was asked with it', async () => {
  const { statusCode, body } = await failWith(new Error())('/nowhere?token=secret');
  expect(statusCode).toBe(404);
  expect(body['detail']).toMatch(/^There is nothing at \/nowhere\. \/docs lists/);
});
