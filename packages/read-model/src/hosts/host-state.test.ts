import type { StoredHost, StoredModels } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { mergeLists } from './host-state.ts';

const NOW = 1_778_000_000_000;
const aList = (serverAddress: string, name: string, ageMs = 0): StoredModels => ({
  seenAtMs: NOW - ageMs,
  list: {
    ...{ host: 'box', provider: 'ollama', serverAddress },
    models: [{ name, sizeBytes: 1, family: null, parameterSize: null, quantization: null }],
    loaded: [{ name, sizeBytes: 1, vramBytes: null, expiresAt: null, contextLength: null }],
  },
});
const aHost = (address: string, reachable: boolean): StoredHost => ({
  ...{ seenAtMs: NOW, skewMs: 0 },
  sample: {
    ...{ host: 'box', cpuPercent: 1, cpuCount: 1, memoryUsedBytes: 1, memoryTotalBytes: 2 },
    uptimeSeconds: 1,
    server: { provider: 'ollama', address, reachable, version: null },
  },
});
const names = (merged: StoredModels | undefined) => merged?.list.models.map(({ name }) => name);

test('two servers on one machine have their models together', () => {
  const merged = mergeLists([aList('box:11434', 'a', 20_000), aList('box:8000', 'b')], undefined);
  expect(names(merged)).toEqual(['b', 'a']);
  expect(merged?.list.loaded.map(({ name }) => name)).toEqual(['b', 'a']);
  expect(merged?.seenAtMs).toBe(NOW);
});

test('a server that is no longer watched, or is away, has none', () => {
  const lists = [aList('box:11434', 'a', 91_000), aList('box:8000', 'b')];
  expect(names(mergeLists(lists, undefined))).toEqual(['b']);
  const both = [aList('box:11434', 'a'), aList('box:8000', 'b')];
  expect(names(mergeLists(both, aHost('box:11434', false)))).toEqual(['b']);
  expect(names(mergeLists(both, aHost('box:11434', true)))).toEqual(['a', 'b']);
  expect(mergeLists([], undefined)).toBeUndefined();
});
