import type { StoredHost } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { keepServer } from './keep-server.ts';

const server = { provider: 'ollama', address: 'here:11434', reachable: true, version: '0.12' };
const seen = (
  seenAtMs: number,
  of: StoredHost['sample']['server'],
  cpuPercent = 1,
): StoredHost => ({
  ...{ seenAtMs, skewMs: 0 },
  sample: {
    ...{ host: 'h', cpuPercent, cpuCount: 1, memoryUsedBytes: 1, memoryTotalBytes: 2 },
    ...{ uptimeSeconds: 1, server: of, unseenActivity: null },
  },
});

test('an agent that sees no server leaves that of another', () => {
  const first = keepServer(seen(1000, server), undefined);
  const second = keepServer(seen(2000, null, 7), first);
  expect(second.sample).toMatchObject({ server, cpuPercent: 7 });
  expect(keepServer(seen(30_000, null), second).sample.server).toEqual(server);
});

test('for half a minute: then nobody sees one', () => {
  const first = keepServer(seen(1000, server), undefined);
  const second = keepServer(seen(20_000, null), first);
  expect(keepServer(seen(31_001, null), second).sample.server).toBeNull();
});

test('a server that is gone is told by who saw it', () => {
  const first = keepServer(seen(1000, server), undefined);
  const gone = { ...server, reachable: false };
  expect(keepServer(seen(2000, gone), first).sample.server).toEqual(gone);
});

test('what an older version kept says not when it was seen: it is not kept', () => {
  expect(keepServer(seen(2000, null), seen(1000, server)).sample.server).toBeNull();
});
