import type { StoredHandover } from '@llm-monitor/contracts/alerts';
import { expect, test } from 'vitest';

import { handoverId } from './handover-id.ts';

const idOf = (of: Partial<StoredHandover>) =>
  handoverId({ as: 'tell', what: 'fired', atMs: 5, alert: { id: 'a-1' }, ...of } as StoredHandover);

test('what happens once has one id whenever it is written, what is told again another each time', () => {
  expect(idOf({ atMs: 6 })).toBe(idOf({}));
  expect(idOf({ what: 'again', atMs: 6 })).not.toBe(idOf({ what: 'again' }));
  const all = [
    idOf({}),
    idOf({ as: 'event' }),
    idOf({ what: 'resolved' }),
    idOf({ what: 'again' }),
  ];
  expect(new Set(all).size).toBe(all.length);
});
