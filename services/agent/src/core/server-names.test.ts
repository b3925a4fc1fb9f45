import { expect, test } from 'vitest';

import { isForwarder, onlyServer, withDescendants, type NamedProcess } from './server-names.ts';

const aProcess = (pid: number, parentPid: number, name: string): NamedProcess => ({
  ...{ pid, parentPid, name },
});

test('a server is known by its name, with its runners', () => {
  const processes = [
    aProcess(1, 0, 'systemd'),
    aProcess(10, 1, 'ollama'),
    aProcess(11, 10, 'ollama'),
    aProcess(12, 1, 'bash'),
  ];
  expect(onlyServer(processes).map(({ pid }) => pid)).toEqual([10, 11]);
});

test('of two servers neither is taken, since it cannot be told which is meant', () => {
  expect(onlyServer([aProcess(10, 1, 'ollama'), aProcess(20, 1, 'llama-server')])).toEqual([]);
  expect(onlyServer([aProcess(12, 1, 'bash')])).toEqual([]);
});

test('a program that listens for a container or a tunnel is no server', () => {
  expect(isForwarder('docker-proxy')).toBe(true);
  expect(isForwarder('ssh')).toBe(true);
  expect(isForwarder('ollama')).toBe(false);
});

test('the family of a server is all that it started, without the agent itself and what the agent started', () => {
  const processes = [
    aProcess(10, 1, 'vllm'),
    aProcess(11, 10, 'python'),
    aProcess(12, 11, 'python'),
    aProcess(13, 10, 'node'),
    aProcess(14, 13, 'nvidia-smi'),
    aProcess(20, 1, 'bash'),
  ];
  expect(withDescendants([10], processes, 13).toSorted((a, b) => a - b)).toEqual([10, 11, 12]);
});
