import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createCli, type Cli } from '../helpers/run-cli.ts';
import { waitFor } from '../helpers/wait-for.ts';

// `llm-monitor rebuild | head -1`: whoever read what a command says has left before it says anything.

let cli: Cli;
beforeAll(async () => {
  cli = await createCli();
  await cli.run('start');
});
afterAll(() => cli.remove());

async function unread(...args: string[]): Promise<number | null> {
  const program = cli.start(...args);
  program.closeOutput();
  return await program.exited;
}

async function calls(): Promise<number> {
  const answer = await fetch(`${cli.url}/api/requests?demo=only`);
  return ((await answer.json()) as unknown[]).length;
}

test('a backup is written to its end, and restored to its end', async () => {
  expect(await cli.run('test')).toMatchObject({ code: 0 });
  const file = join(cli.home, 'unread.backup.gz');
  expect(await unread('backup', '--out', file)).toBe(0);
  expect(await cli.run('test')).toMatchObject({ code: 0 });
  expect(await calls()).toBe(2);
  expect(await unread('restore', file, '--replace', '--yes')).toBe(0);
  expect(await calls()).toBe(1);
});

test('a rebuild changes over, and removes what was there before', async () => {
  expect(await unread('rebuild')).toBe(0);
  expect(await unread('rebuild', '--drop-old')).toBe(0);
  const { output } = await cli.run('rebuild', '--drop-old');
  expect(output).toContain('There is no former generation.');
  expect((await cli.run('rebuild')).output).toContain('Generation 3 of the store');
});

test('a stack in the foreground ends in good order, though nobody reads that it does', async () => {
  await cli.run('stop');
  const up = cli.start('up');
  await waitFor('the stack to run', () => up.output().includes('LLM Monitor runs'), {
    timeoutMs: 30_000,
  });
  // `npm start | tee log`: Ctrl+C ends both.
  up.closeOutput();
  up.signal('SIGINT');
  expect(await up.exited).toBe(0);
  const { output } = await cli.run('status');
  expect(output).toContain('does not run');
  expect(output).not.toContain('stale');
});
