import { errors, type NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';

import { openManager } from './open-manager.ts';

/** A connection over which each request fails so, and how often it was asked. */
function failing(error: Error) {
  const asked = { times: 0 };
  const request = () => {
    asked.times += 1;
    return Promise.reject(error);
  };
  const connection = { request, options: {}, _resub: () => undefined };
  return { connection: connection as unknown as NatsConnection, asked };
}

test('a leader that is being elected is waited for, and not for ever', async () => {
  const { connection, asked } = failing(new errors.TimeoutError());
  await expect(openManager(connection)).rejects.toThrow('timeout');
  expect(asked.times).toBe(6);
});

test('what is refused is told at once', async () => {
  const { connection, asked } = failing(new Error('no'));
  await expect(openManager(connection)).rejects.toThrow('no');
  expect(asked.times).toBe(1);
});
