import type { Verdict } from '@llm-monitor/contracts/events';
import { expect, test } from 'vitest';

import { keptVerdicts, verdictChanges } from './verdict-changes.ts';

const looping = (times: number, since = '2026-01-01T00:00:00.000Z'): Verdict => ({
  ...{ kind: 'looping', since, reason: { period: 30, times } },
});
const queued: Verdict = {
  ...{ kind: 'queued', since: '2026-01-01T00:00:00.000Z', reason: { ahead: 1, behind: [] } },
};

test('what began is raised, what ceased is cleared, and what goes on with other numbers is neither', () => {
  const before = new Map([
    ['a', [looping(10), queued]],
    ['gone', [queued]],
  ]);
  const now = new Map([
    ['a', [looping(12)]],
    ['new', [queued]],
  ]);
  expect(verdictChanges(before, now)).toEqual([
    { member: 'a', verdict: queued, what: 'cleared' },
    { member: 'gone', verdict: queued, what: 'cleared' },
    { member: 'new', verdict: queued, what: 'raised' },
  ]);
});

test('a verdict that ended and came again is two', () => {
  const again = looping(3, '2026-01-01T00:01:00.000Z');
  const changes = verdictChanges(new Map([['a', [looping(9)]]]), new Map([['a', [again]]]));
  expect(changes.map(({ what }) => what)).toEqual(['cleared', 'raised']);
});

test('of an ended call one verdict of each kind is kept, and none on what it waited for', () => {
  expect(keptVerdicts([looping(10), queued], [looping(40)])).toEqual([looping(40)]);
});
