import { createKeys } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { treatmentOf } from './archived-keys.ts';
import { entryProblem } from './entry-problem.ts';

/** What each kind of key may hold, whatever its name is. */
const HELD = { h: ['lu', '{}'], z: ['member', '1'], s: ['member'], t: ['{}'] } as const;

test('every key that a backup has is known, as one kind', () => {
  const { global, shard } = createKeys({ shards: 1 });
  const all = [...Object.values(global), ...Object.values(shard(0))].flatMap((key) => {
    if (typeof key === 'string') return [key];
    const build = key as (...parts: unknown[]) => string;
    return key === shard(0).totals ? [build(true), build(false)] : [build('1', '2')];
  });
  const kept = all.filter((key) => key !== '{s0}:' && treatmentOf(key) !== 'left-out');
  expect(kept.length).toBeGreaterThan(15);
  for (const key of kept) {
    const kinds = Object.entries(HELD).filter(
      ([kind, values]) => entryProblem([kind, key, 0, values], 1) === undefined,
    );
    expect(kinds, key).toHaveLength(1);
  }
});

const request = '{s0}:req:app:0123456789';
test.each([
  ['a line of it is unknown', []],
  ['a line of it is unknown', ['h', request, 0, ['b', '1'], 'more']],
  ['a line of it has no key', ['h', 5, 0, ['b', '1']]],
  ['"evil" is no key of LLM Monitor', ['t', 'evil', 0, ['1']]],
  ['"g2:{s0}:totals" is no key of LLM Monitor', ['h', 'g2:{s0}:totals', 0, ['n', '1']]],
  ['"{s1}:totals" is of a shard that it does not have', ['h', '{s1}:totals', 0, ['n', '1']]],
  ['"{s0}:\\u001b[2J" is unknown to this program', ['t', '{s0}:\u001b[2J', 0, ['1']]],
  ['"{s0}:totals" ends at no time', ['h', '{s0}:totals', 'soon', ['n', '1']]],
  ['"{s0}:totals" ends at no time', ['h', '{s0}:totals', -1, ['n', '1']]],
  ['"{s0}:totals" ends at no time', ['h', '{s0}:totals', 1e300, ['n', '1']]],
  ['a line of it is unknown', ['h', '{s0}:totals', 0]],
  ['"{s0}:totals" holds nothing', ['h', '{s0}:totals', 0, 'n']],
  ['"{s0}:totals" holds nothing', ['h', '{s0}:totals', 0, []]],
  ['"{s0}:totals" holds what is no text', ['h', '{s0}:totals', 0, ['n', 1]]],
  ['"{s0}:totals" holds a wrong value', ['h', '{s0}:totals', 0, ['n', '1', 'ok']]],
  ['"{s0}:totals" holds a wrong value', ['h', '{s0}:totals', 0, ['n', '1.5']]],
  ['"{s0}:totals" holds a wrong value', ['h', '{s0}:totals', 0, ['n', '9'.repeat(19)]]],
  ['"{s0}:totals" is of another kind', ['t', '{s0}:totals', 0, ['1']]],
  ['"{s0}:totals" is of another kind', ['q', '{s0}:totals', 0, ['n', '1']]],
  ['"{s0}:active" holds a wrong value', ['z', '{s0}:active', 0, ['0123456789:app', 'NaN']]],
  ['"{s0}:active" holds a wrong value', ['z', '{s0}:active', 0, ['0123456789:app', ' ']]],
  ['"{s0}:active" holds a wrong value', ['z', '{s0}:active', 0, ['0123456789:app']]],
  ['"{s0}:settings:costs" holds a wrong value', ['t', '{s0}:settings:costs', 0, ['{}', '{}']]],
  ['"{s0}:hosts" holds a wrong value', ['h', '{s0}:hosts', 0, ['box', '5']]],
  [
    '"{s0}:rolls:all" holds a wrong value',
    ['s', '{s0}:rolls:all', 0, ['m%3A1:app:host', '%%%:app:host']],
  ],
  [
    `${JSON.stringify(`{s0}:${'x'.repeat(75)}`)} is unknown to this program`,
    ['t', `{s0}:${'x'.repeat(999)}`, 0, ['1']],
  ],
  ['"{s0}:rolls:all" holds a wrong value', ['s', '{s0}:rolls:all', 0, ['%%%:app:host']]],
  ['"{s0}:hosts" holds a wrong value', ['h', '{s0}:hosts', 0, ['box', 'null']]],
  ['"{s0}:settings:costs" holds a wrong value', ['t', '{s0}:settings:costs', 0, ['}{']]],
  [`"${request}" holds a wrong value`, ['h', request, 0, ['b', '7', 'a', 'no JSON']]],
  [`"${request}" holds a wrong value`, ['h', request, 0, ['b', '7', 'z', 'd5!{"us"']]],
  [`"${request}" holds a wrong value`, ['h', request, 0, ['b', '7', 'rs', 'd5']]],
])('%s', (problem, entry) => {
  expect(entryProblem(entry, 1)).toBe(problem);
});

test('calls in either form, and an hour of the history in parts, are good', () => {
  for (const a of ['{"m":"m:1"}', 'Mm:1\u001F!%', 'Mm:1\u001F{"tg":["x"]}']) {
    const fields = ['b', '7', 'a', a, 'z', 'd12.5!', 'rs', '{"cpuPercent":1}'];
    expect(entryProblem(['h', request, 0, fields], 1), a).toBeUndefined();
  }
  const part = createKeys({ shards: 1 }).shard(0).history(482_013.0625);
  expect(entryProblem(['z', part, 0, ['0123456789:app', '5']], 1)).toBeUndefined();
});

test('what is not restored anyway is let through, whatever it holds', () => {
  for (const name of ['session:x', 'generation', 'rebuild', 'feed', 'verdicts:lease']) {
    expect(entryProblem(['t', `{s0}:${name}`, 0, ['1']], 1), name).toBeUndefined();
  }
});
