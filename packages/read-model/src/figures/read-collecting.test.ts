import type { StoredCollector } from '@llm-monitor/contracts/redis';
import { createKeys } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import type { Store } from '../store.ts';
import { isCollecting, readCollecting, sumCollecting } from './read-collecting.ts';

const NOW = 10_000_000;

function read(
  reports: Record<string, StoredCollector>,
  losses: Record<string, string> = {},
): ReturnType<typeof readCollecting> {
  const keys = createKeys({ shards: 1 });
  const texts = Object.entries(reports).map(([name, report]) => [name, JSON.stringify(report)]);
  const hashes = { [keys.global.collectors]: Object.fromEntries(texts) as object };
  const redis = { hgetall: async (key: string) => hashes[key] ?? losses };
  return readCollecting({ redis, keys } as unknown as Store, NOW);
}

test('somebody collects who said so within ten seconds, and is named for an hour', async () => {
  const report = (agoMs: number) => ({ seenAtMs: NOW - agoMs, pending: 0, ackPending: 0 });
  const some = await read({
    ...{ gone: report(3_600_001), silent: report(3_600_000), slow: report(10_001) },
    ...{ well: report(10_000) },
  });
  expect(some.collectors.map(({ name, isOnline }) => [name, isOnline])).toEqual([
    ...[
      ['well', true],
      ['slow', false],
      ['silent', false],
    ],
  ]);
  expect(isCollecting(some)).toBe(true);
  expect(isCollecting(await read({ slow: report(10_001) }))).toBe(false);
  expect(isCollecting(await read({}))).toBe(false);
});

test('what waits is what was said last, what was lost is what all streams lost', async () => {
  const losses = {
    LLM_REQUESTS: JSON.stringify({ lost: 3, redeliveries: 0 }),
    'LLM_REQUESTS:redeliveries': '7',
    'LLM_REQUESTS:place': '{"sequence":5}',
    LLM_TELEMETRY: JSON.stringify({ lost: 4 }),
  };
  const some = await read(
    {
      older: { seenAtMs: NOW - 2000, pending: 50, ackPending: 50, deadLetters: 9 },
      latest: { seenAtMs: NOW - 1000, pending: 5, ackPending: 2, deadLetters: 1 },
    },
    losses,
  );
  expect(sumCollecting(some)).toEqual({ waiting_events: 7, lost_events: 7, dead_letters: 1 });
  expect(some.losses['LLM_REQUESTS']?.redeliveries).toBe(7);
  expect(some.losses['LLM_TELEMETRY']?.redeliveries).toBe(0);
  expect(Object.keys(some.losses)).toHaveLength(2);
  expect(sumCollecting(await read({}))).toEqual({
    ...{ waiting_events: 0, lost_events: 0, dead_letters: 0 },
  });
});
