import { anActiveCall, anEndedCall, aState } from '@llm-monitor/contracts/live/samples';
import { expect, test } from 'vitest';

import { steadyRows } from './steady-rows.ts';

const at = (second: number) => `2026-05-01T10:00:${String(second).padStart(2, '0')}.000Z`;
const call = (id: string, second: number) => anActiveCall({ id, started_at: at(second) });
const [a, b, c] = [call('a', 1), call('b', 2), call('c', 3)] as const;
const idsOf = (rows: ReturnType<typeof steadyRows>) => rows.map(({ call: { id } }) => id);

test('running calls stand by age', () => {
  expect(idsOf(steadyRows([], aState({ active: [c, a, b] }), false))).toEqual(['a', 'b', 'c']);
});

test('a held row stays where it is when its call ends, and says how it ended', () => {
  const before = steadyRows([], aState({ active: [a, b] }), true);
  const end = anEndedCall({ id: 'a', status: 'cancelled', outcome: 'cancelled' });
  const rows = steadyRows(before, aState({ active: [b], recent: [end] }), true);
  expect(idsOf(rows)).toEqual(['a', 'b']);
  expect(rows[0]).toMatchObject({ hasEnded: true, end: { status: 'cancelled' } });
  expect(rows[1]).toMatchObject({ hasEnded: false });
});

test('how a held call ended stays known after it left the history', () => {
  const before = steadyRows([], aState({ active: [a] }), true);
  const after = steadyRows(before, aState({ recent: [anEndedCall({ id: 'a' })] }), true);
  expect(steadyRows(after, aState(), true)[0]?.end).not.toBeNull();
});

test('a new call joins held rows at the end, though it started earlier', () => {
  const before = steadyRows([], aState({ active: [b, c] }), true);
  expect(idsOf(steadyRows(before, aState({ active: [a, b, c] }), true))).toEqual(['b', 'c', 'a']);
});

test('rows that are let go close up', () => {
  const before = steadyRows([], aState({ active: [a, b] }), true);
  expect(idsOf(steadyRows(before, aState({ active: [b] }), false))).toEqual(['b']);
});

test('held rows do not grow for ever', () => {
  const many = Array.from({ length: 501 }, (_, i) => call(`call-${i}`, 1));
  const before = steadyRows([], aState({ active: many }), true);
  expect(steadyRows(before, aState({ active: [b] }), true)).toHaveLength(1);
});
