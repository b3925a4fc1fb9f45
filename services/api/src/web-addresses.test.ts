import { expect, test } from 'vitest';

import { checkWebAddresses } from './web-addresses.ts';

test.each(['', 'loopback', '127.0.0.1, ::1', '10.0.0.0/8,fd00::/8', 'uniquelocal'])(
  '"%s" is taken as it is',
  (setting) => expect(checkWebAddresses(setting)).toBe(setting),
);

test.each(['web', '*', '10.0.0.0/33', '1.2.3', 'loopback,', '10.0.0.0/8/8', '::/129'])(
  '"%s" is refused by its name, with what to write',
  (setting) => expect(() => checkWebAddresses(setting)).toThrow(/^WEB_ADDRESSES takes/),
);
