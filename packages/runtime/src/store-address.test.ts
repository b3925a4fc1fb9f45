import { expect, test } from 'vitest';

import { parseStoreAddress } from './store-address.ts';

test('one address is a server, and goes to the library as it is', () => {
  expect(parseStoreAddress('redis://u:p@db:6380/2')).toEqual({
    kind: 'server',
    url: 'redis://u:p@db:6380/2',
  });
  expect(parseStoreAddress('unix:///run/redis.sock')).toEqual({
    kind: 'server',
    url: '/run/redis.sock',
  });
  for (const url of ['/run/redis.sock', 'rediss://a', 'redis://', 'redis:///2']) {
    expect(parseStoreAddress(url)).toEqual({ kind: 'server', url });
  }
  expect(parseStoreAddress('redis://a, ')).toEqual({ kind: 'server', url: 'redis://a' });
});

test('several addresses are the nodes of a cluster, and the credentials of one count for all', () => {
  expect(parseStoreAddress('redis://user:p%40ss@a:7001, b:7002,redis://[::1]')).toEqual({
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 7001 },
      { host: 'b', port: 7002 },
      { host: '::1', port: 6379 },
    ],
    username: 'user',
    password: 'p@ss',
    isTls: false,
  });
  expect(parseStoreAddress('rediss://a:1,a:2')).toMatchObject({ isTls: true });
});

test('what is no address of Redis is refused without showing a password', () => {
  for (const url of [
    'http://a:1',
    'unix:///a,unix:///b',
    'xredis://a',
    'xredis://a,b',
    'redis://a:99999',
    'redis://x:secret@a:99999',
    'redis://[::1',
    'redis:///1,b',
    'a',
    '',
    'redis://x:secret@a:1,nats://y:secret@b',
  ]) {
    expect(() => parseStoreAddress(url)).toThrow(/REDIS_URL must/);
    expect(() => parseStoreAddress(url)).not.toThrow(/secret/);
  }
});
