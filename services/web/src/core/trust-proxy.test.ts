import { expect, test } from 'vitest';

import { parseTrustProxy } from './trust-proxy.ts';

test('nothing is trusted unless it is said', () => {
  expect(parseTrustProxy('')).toBeUndefined();
  expect(parseTrustProxy('false')).toBeUndefined();
});

test('proxies are named by address, network, or how many they are', () => {
  const named = parseTrustProxy('loopback, 10.0.0.0/8');
  expect(['127.0.0.1', '10.1.2.3', '192.168.0.1'].map((one) => named?.(one, 0))).toEqual([
    ...[true, true, false],
  ]);
  const counted = parseTrustProxy('1');
  expect([counted?.('192.168.0.1', 0), counted?.('192.168.0.1', 1)]).toEqual([true, false]);
});

test.each(['true', '*', 'nginx', '0', 'example.com'])('%j is refused, with what to write', (text) =>
  expect(() => parseTrustProxy(text)).toThrow(/TRUST_PROXY takes the addresses/),
);
