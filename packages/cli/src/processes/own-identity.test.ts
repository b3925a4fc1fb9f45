import { expect, test } from 'vitest';

import { ownIdentity } from './own-identity.ts';

test('a process that runs is told from all others', async () => {
  const mine = await ownIdentity(process.pid);
  expect(mine).toEqual({ pid: process.pid, started: expect.stringMatching(/./) });
  expect(await ownIdentity(process.pid)).toEqual(mine);
});

test('where that cannot be told, it is said what is missing', async () => {
  // No system gives a number as high as this one.
  await expect(ownIdentity(2 ** 30)).rejects.toMatchObject({
    message: 'This system does not say which processes run.',
    hint: expect.stringContaining('procps'),
  });
});
