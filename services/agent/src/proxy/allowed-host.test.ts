import { expect, test } from 'vitest';

import { isAllowedHost } from './allowed-host.ts';

const machine = { hostname: 'Box', addresses: ['203.0.113.5'] };

test.each([
  ...['localhost:11435', '127.0.0.1:11435', '[::1]:11435', 'LOCALHOST', 'box', '10.1.2.3'],
  ...['192.168.1.2:1', '172.16.0.1', 'host.docker.internal:11435', 'gpu.local', '203.0.113.5'],
  undefined,
])('a request for %s may come in', (host) => {
  expect(isAllowedHost(host, machine)).toBe(true);
});

test.each([
  ...['evil.example', 'evil.example:11435', '8.8.8.8', 'localhost.evil.example', '172.32.0.1'],
  ...['127.0.0.1.evil.example', 'evillocal', '[2001:db8::1]:80'],
])('a request for %s may not', (host) => {
  expect(isAllowedHost(host, machine)).toBe(false);
});
