import { expect, test } from 'vitest';

import { isRefusedAddress } from './refused-address.ts';

test.each([
  ...['169.254.169.254', '169.254.0.1', '100.100.100.200', '[fe80::1]', 'fd00:ec2::254'],
  ...['::ffff:169.254.169.254', '[::ffff:a9fe:a9fe]'],
])('%s is where nothing is sent', (host) => {
  expect(isRefusedAddress(host)).toBe(true);
});

test.each(['127.0.0.1', '10.0.0.1', '169.253.1.1', '[fd00::1]', 'metadata.example', ''])(
  '"%s" is not refused as it stands',
  (host) => {
    expect(isRefusedAddress(host)).toBe(false);
  },
);
