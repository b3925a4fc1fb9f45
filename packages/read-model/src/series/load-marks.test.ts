import { expect, test } from 'vitest';

import type { HostMinute } from './host-points.ts';
import { loadMarks } from './load-marks.ts';

const MINUTE_MS = 60_000;

function aMinute(minute: number, held: Record<string, string[]>, host = 'here'): HostMinute {
  const models = Object.entries(held).map(([address, names]) => {
    const loaded = names.map((name) => ({ name, memoryBytes: 1, vramBytes: 1 }));
    return [address, { atMs: minute * MINUTE_MS + 500, loaded }] as const;
  });
  return { host, atMs: minute * MINUTE_MS, models: new Map(models) };
}

test('a model that a server holds for the first time was loaded, and one that it holds no more unloaded', () => {
  expect(
    loadMarks([
      aMinute(0, { a: ['old'], b: [] }),
      aMinute(1, { a: ['old', 'new'] }),
      aMinute(5, { a: ['new'], b: ['old'] }),
    ]),
  ).toEqual([
    { at: '1970-01-01T00:01:00.500Z', kind: 'loaded', host: 'here', model: 'new' },
    { at: '1970-01-01T00:05:00.500Z', kind: 'unloaded', host: 'here', model: 'old' },
    { at: '1970-01-01T00:05:00.500Z', kind: 'loaded', host: 'here', model: 'old' },
  ]);
});

test('the first minute of a host marks nothing', () => {
  expect(loadMarks([aMinute(0, { a: ['x'] }), aMinute(0, { a: ['y'] }, 'there')])).toEqual([]);
});
