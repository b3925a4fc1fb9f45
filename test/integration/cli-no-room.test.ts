import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { projectRoot } from '../helpers/project-root.ts';
import { createCli, type Cli } from '../helpers/run-cli.ts';
import { startProgram } from '../helpers/start-program.ts';

/** A program meets it as it meets a full disk. */
const LITTLE_ROOM = ['prlimit', '--fsize=65536'] as const;

let cli: Cli;
beforeAll(async () => {
  cli = await createCli();
  const { code, output } = await cli.run('start');
  if (code !== 0) throw new Error(output);
}, 60_000);
afterAll(() => cli.remove(), 60_000);

test('a restart that would find no room to start stops nothing, and leaves nothing behind', async () => {
  const before = await cli.supervisorPid();
  const [prlimit, ...limit] = LITTLE_ROOM;
  const main = join(projectRoot(), 'packages/cli/dist/main.js');
  const restart = startProgram(prlimit, [...limit, process.execPath, main, 'restart'], {
    env: { LLM_MONITOR_HOME: cli.home, NO_COLOR: '1', NATS_URL: '', REDIS_URL: '' },
  });
  expect(await restart.exited).toBe(1);
  expect(restart.output()).toContain('The disk is full');
  expect(await cli.supervisorPid()).toBe(before);
  expect(await cli.run('status')).toMatchObject({ code: 0 });
  const left = (await readdir(cli.home)).filter((name) => /probe|\.new$/.test(name));
  expect(left).toEqual([]);
});
