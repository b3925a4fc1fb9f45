import { expect, test } from 'vitest';

import { isStoreAway } from './store-guard.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

test.each([
  named('MaxRetriesPerRequestError', 'Reached the max retries per request limit (which is 0).'),
  new Error('Connection is closed.'),
  new Error("Stream isn't writeable and enableOfflineQueue options is false"),
  new Error('Command timed out'),
  new Error('Too many Cluster redirections. Last error: Error: Connection is closed.'),
  new Error("Cluster isn't ready and enableOfflineQueue options is false"),
  named('ClusterAllFailedError', 'Failed to refresh slots cache.'),
  named('ReplyError', 'MOVED 3999 127.0.0.1:6381'),
  named('ReplyError', 'LOADING Redis is loading the dataset in memory'),
])('"$message" means that Redis is away', (error) => {
  expect(isStoreAway('ready', error)).toBe(true);
});

test('a mistake of ours does not, as long as the connection stands', () => {
  const error = new TypeError('x is not a function');
  expect(isStoreAway('ready', error)).toBe(false);
  expect(isStoreAway('reconnecting', error)).toBe(true);
});
