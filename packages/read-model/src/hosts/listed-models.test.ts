import type { HostSampledData, ModelsListedData } from '@llm-monitor/contracts/events';
import { describe, expect, test } from 'vitest';

import { HOST_FRESH_MS } from './freshness.ts';
import type { HostState } from './host-state.ts';
import { hasModel, listedModels } from './listed-models.ts';

const NOW = 1_778_000_000_000;

const aMachine = (
  name: string,
  list: Partial<ModelsListedData>,
  at: { listedAgoMs?: number; reachable?: boolean } = {},
): HostState => ({
  name,
  models: {
    seenAtMs: NOW - (at.listedAgoMs ?? 1000),
    list: { host: name, provider: 'ollama', serverAddress: '', models: [], loaded: [], ...list },
  },
  host: {
    seenAtMs: NOW - 1000,
    skewMs: 0,
    sample: {
      ...{ host: name, cpuPercent: 1, cpuCount: 1, memoryUsedBytes: 1, memoryTotalBytes: 1 },
      uptimeSeconds: 1,
      server: { provider: 'ollama', address: '', reachable: at.reachable ?? true, version: null },
    } satisfies HostSampledData,
  },
});
const listed = (name: string) => ({
  ...{ name, sizeBytes: 2e9, family: 'llama', parameterSize: '3.2B', quantization: 'Q4_K_M' },
});
const loaded = (name: string) => ({
  ...{ name, sizeBytes: 3e9, vramBytes: 1e9, expiresAt: '2026-05-10T12:00:00Z' },
  contextLength: 4096,
});

test('a model is at every machine that lists it, and takes memory where it is loaded', () => {
  const { placesOf } = listedModels(
    [
      aMachine('cpu', { models: [listed('llama3.2:3b'), listed('phi3:mini')] }),
      aMachine('gpu', { models: [listed('llama3.2:3b')], loaded: [loaded('llama3.2:3b')] }),
    ],
    NOW,
  );
  const onDisk = { size_bytes: 2e9, family: 'llama', parameter_size: '3.2B' };
  const notLoaded = { loaded: false, memory_bytes: null, vram_bytes: null, expires_at: null };
  expect(placesOf('llama3.2:3b')).toEqual([
    { ...onDisk, ...notLoaded, host: 'cpu', quantization: 'Q4_K_M', context_length: null },
    {
      ...onDisk,
      ...{ host: 'gpu', quantization: 'Q4_K_M', context_length: 4096, loaded: true },
      ...{ memory_bytes: 3e9, vram_bytes: 1e9, expires_at: '2026-05-10T12:00:00Z' },
    },
  ]);
  expect(placesOf('phi3:mini').map(({ host }) => host)).toEqual(['cpu']);
  expect(placesOf('mistral')).toEqual([]);
});

test('a model that is held but not listed is known by what it takes', () => {
  const { placesOf, available } = listedModels([aMachine('gpu', { loaded: [loaded('m')] })], NOW);
  expect(placesOf('m')).toMatchObject([{ loaded: true, size_bytes: null, memory_bytes: 3e9 }]);
  expect([...available]).toEqual([]);
});

describe.each([
  ['whose list is old', { listedAgoMs: HOST_FRESH_MS + 1 }],
  ['whose server does not answer', { reachable: false }],
])('a machine %s', (_, at) => {
  const gone = aMachine('gone', { models: [listed('old')], loaded: [loaded('old')] }, at);

  test('has no models, and says nothing of what there is', () => {
    expect(listedModels([gone], NOW)).toMatchObject({ known: false });
    const both = listedModels([gone, aMachine('here', { models: [listed('new')] })], NOW);
    expect(both.known).toBe(true);
    expect([...both.available]).toEqual(['new']);
    expect([...both.loaded]).toEqual([]);
    expect(both.placesOf('old')).toEqual([]);
  });
});

test('a server that is away takes nothing from another one of its machine', () => {
  const list = { serverAddress: 'other', models: [listed('new')] };
  const { known, available } = listedModels([aMachine('both', list, { reachable: false })], NOW);
  expect([known, ...available]).toEqual([true, 'new']);
});

test.each([
  ['mistral', true],
  ['mistral:latest', true],
  ['mistral:7b', false],
  ['registry:5000/team/own', true],
  ['llama', false],
])('of a model that apps call "%s" the list says %s', (name, has) => {
  expect(hasModel(new Set(['mistral:latest', 'registry:5000/team/own:latest']), name)).toBe(has);
});
