import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { identifyProcess, isRunning, startOfStat } from './process-identity.ts';

const stat = (state: string, start: string) =>
  `42 (a (strange) name) ${state} 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 ${start} 100 5`;

describe('startOfStat', () => {
  it('reads the start of a process whose name holds brackets', () => {
    expect(startOfStat(stat('S', '98765'), '0123456789')).toBe('01234567-98765');
  });

  it('counts a zombie as gone', () => {
    expect(startOfStat(stat('Z', '98765'), '0123456789')).toBeUndefined();
  });
});

describe('isRunning', () => {
  it('knows this process, and no other that has its number', async () => {
    const me = await identifyProcess(process.pid);
    expect(me).toBeDefined();
    if (!me) return;
    expect(await isRunning(me)).toBe(true);
    expect(await isRunning({ ...me, started: 'another time' })).toBe(false);
  });

  it('says no once the process has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const identity = await identifyProcess(child.pid ?? 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(identity).toBeDefined();
    expect(identity && (await isRunning(identity))).toBe(false);
  });
});
