import { expect, test } from 'vitest';

import { isAllowedHost } from './allowed-host.ts';

const machine = { hostname: 'Box', addresses: ['203.0.113.5'] };

test.each([
  ...['localhost:11435', '127.0.0.1:11435', '[::1]:11435', 'LOCALHOST', 'box', '10.1.2.3'],
  ...['192.168.1.2:1', '172.16.0.1', 'host.docker.internal:11435', 'gpu.local', '203.0.113.5'],
  ...[
    '172.31.255.1',
    '0.0.0.0:11435',
    '[::]',
    '[fc00::1]:1',
    '[fd12::1]',
    '[::ffff:10.0.0.1]:1',
    '',
  ],
  undefined,
])('a request for %s may come in', (host) => {
  expect(isAllowedHost(host, machine)).toBe(true);
});

test.each([
  ...['evil.example', 'evil.example:11435', '8.8.8.8', 'localhost.evil.example', '172.32.0.1'],
  ...['127.0.0.1.evil.example', 'evillocal', '[2001:db8::1]:80', '172.15.0.1', '11.20.0.1'],
  ...['192.167.0.1', '191.168.0.1', '[::ffff:8.8.8.8]', '[fe80::1]', '[20fc::1]', 'evil[::1]'],
  ...['[::1]evil', '[::1]:80:evil', 'localhost:80:evil', '127.0.0.1:80.evil.example'],
])('a request for %s may not', (host) => {
  expect(isAllowedHost(host, machine)).toBe(false);
});
