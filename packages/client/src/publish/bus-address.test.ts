import { expect, test } from 'vitest';

import { parseBusUrl } from './bus-address.ts';

test('a bus URL may name several servers, with the credentials once', () => {
  expect(parseBusUrl('nats://joe:p%40ss@a:4223, b')).toEqual([
    { host: 'a', port: 4223, tls: false, user: 'joe', pass: 'p@ss' },
    { host: 'b', port: 4222, tls: false, user: 'joe', pass: 'p@ss' },
  ]);
});

test('a bus URL may carry a token, ask for TLS and be an IPv6 address', () => {
  expect(parseBusUrl('tls://secret@[::1]:4222')).toEqual([
    { host: '::1', port: 4222, tls: true, token: 'secret' },
  ]);
});

test('what is no URL is refused', () => {
  expect(() => parseBusUrl('nats://:::')).toThrow(TypeError);
});

test('what is the address of something else, or of nothing, is refused', () => {
  for (const url of ['http://127.0.0.1:4222', 'ws://bus', 'nats://', '', 'a,,b']) {
    expect(() => parseBusUrl(url), url).toThrow(TypeError);
  }
});
