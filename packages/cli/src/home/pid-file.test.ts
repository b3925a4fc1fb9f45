import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { identifyProcess, type ProcessIdentity } from '../processes/process-identity.ts';
import {
  claimPidFile,
  formatPidFile,
  parsePidFile,
  readPidFile,
  releasePidFile,
} from './pid-file.ts';

describe('a PID file', () => {
  let folder: string;
  let path: string;
  let me: ProcessIdentity;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pid-'));
    path = join(folder, 'llm-monitor.pid');
    me = (await identifyProcess(process.pid)) ?? { pid: 0, started: '' };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is read as it was written', () => {
    expect(parsePidFile(formatPidFile({ pid: 42, started: 'x-1' }))).toEqual({
      pid: 42,
      started: 'x-1',
    });
  });

  it.each(['', 'no number\nx', '-4\nx', '42'])('does not take "%s" for a process', (text) => {
    expect(parsePidFile(text)).toBeUndefined();
  });

  it('is taken when there is none', async () => {
    expect(await claimPidFile(path, me)).toEqual({ state: 'absent' });
    expect(await readPidFile(path)).toEqual({ state: 'running', identity: me });
  });

  it('is left alone while its process runs', async () => {
    await writeFile(path, formatPidFile(me));
    const other = { pid: 1, started: 'other' };
    expect(await claimPidFile(path, other)).toEqual({ state: 'running', identity: me });
    expect(await readFile(path, 'utf8')).toBe(formatPidFile(me));
  });

  it.each(['', formatPidFile({ pid: process.pid, started: 'long ago' })])(
    'is taken by one of many starts at once, whatever lay there: "%s"',
    async (left) => {
      for (let round = 0; round < 20; round++) {
        await writeFile(path, left);
        const all = await Promise.all(Array.from({ length: 8 }, () => claimPidFile(path, me)));
        expect(all.filter(({ state }) => state !== 'running')).toHaveLength(1);
        expect(await readPidFile(path)).toEqual({ state: 'running', identity: me });
        expect(await readdir(folder)).toEqual(['llm-monitor.pid']);
        await rm(path);
      }
    },
  );

  it('is stale when its number belongs to another process by now', async () => {
    await writeFile(path, formatPidFile({ pid: process.pid, started: 'long ago' }));
    expect(await claimPidFile(path, me)).toEqual({ state: 'stale', pid: process.pid });
    expect(await readPidFile(path)).toEqual({ state: 'running', identity: me });
  });

  it('is stale when its process never said who it is', async () => {
    await writeFile(path, 'nonsense');
    expect(await readPidFile(path)).toEqual({ state: 'stale', pid: undefined });
  });

  it('is taken by one of those who ask at the same moment, and says whole who has it', async () => {
    const parent = (await identifyProcess(process.ppid)) ?? { pid: 0, started: '' };
    for (let i = 0; i < 20; i++) {
      const found = await Promise.all([claimPidFile(path, me), claimPidFile(path, parent)]);
      const [owner, other] = found[0].state === 'absent' ? [me, found[1]] : [parent, found[0]];
      expect(other).toEqual({ state: 'running', identity: owner });
      await releasePidFile(path, owner);
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('is given back by its owner only', async () => {
    await claimPidFile(path, me);
    await releasePidFile(path, { pid: 1, started: 'other' });
    expect(await readPidFile(path)).toMatchObject({ state: 'running' });
    await releasePidFile(path, me);
    expect(await readPidFile(path)).toEqual({ state: 'absent' });
  });
});
