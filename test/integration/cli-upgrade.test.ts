import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { projectRoot } from '../helpers/project-root.ts';
import { startProgram, type Program } from '../helpers/start-program.ts';

/** A remote, a clone of it that is the checkout, and another in which its authors work. */
let folder: string;
const at = (...path: string[]) => join(folder, ...path);

/** The steps of the checkout: they note that they ran, and the start fails where its version says so. */
const STEP = `
import { appendFileSync, readFileSync } from 'node:fs';
const [, script, ...args] = process.argv;
const version = readFileSync('version', 'utf8').trim();
appendFileSync(process.env.STEPS, [script.split('/').at(-1), ...args, version].join(' ') + '\\n');
if (version.startsWith('broken')) { console.log('it does not build'); process.exit(1); }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upgrade-'));
  await mkdir(at('authors', 'scripts'), { recursive: true });
  for (const name of ['pnpm', 'build', 'start']) {
    await writeFile(at('authors', 'scripts', `${name}.mjs`), STEP);
  }
  await writeFile(at('authors', 'pnpm-workspace.yaml'), '');
  await writeFile(at('authors', '.gitignore'), 'packages\nnode_modules\n');
  git('authors', 'init', '--quiet', '--initial-branch=main');
  await publish('1');
  git('.', 'clone', '--quiet', '--bare', 'authors', 'remote');
  git('authors', 'remote', 'add', 'origin', at('remote'));
  git('.', 'clone', '--quiet', 'remote', 'checkout');
  // The command line as it is built, in that checkout.
  const built = join(projectRoot(), 'packages/cli');
  await cp(join(built, 'dist'), at('checkout/packages/cli/dist'), { recursive: true });
  await cp(join(built, 'package.json'), at('checkout/packages/cli/package.json'));
  await symlink(join(built, 'node_modules'), at('checkout/packages/cli/node_modules'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function git(where: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', ['-C', at(where), ...identity, ...args], { encoding: 'utf8' }).trim();
}

/** A commit of the authors. */
async function publish(version: string): Promise<string> {
  await writeFile(at('authors', 'version'), version);
  git('authors', 'add', '--all');
  git('authors', 'commit', '--quiet', '--message', `Version ${version}`);
  if (version !== '1') git('authors', 'push', '--quiet', 'origin', 'main');
  return git('authors', 'rev-parse', 'HEAD');
}

async function upgrade(...args: string[]) {
  return await endOf(await begin(...args));
}

async function begin(...args: string[]): Promise<Program> {
  await writeFile(at('steps'), '');
  const main = at('checkout/packages/cli/dist/main.js');
  return startProgram(process.execPath, [main, 'upgrade', ...args], {
    env: { STEPS: at('steps'), LLM_MONITOR_HOME: at('home'), NO_COLOR: '1' },
  });
}

async function endOf(program: Program) {
  const code = await program.exited;
  const steps = (await readFile(at('steps'), 'utf8')).split('\n').filter(Boolean);
  return { code, output: program.output(), steps, head: git('checkout', 'rev-parse', 'HEAD') };
}

test('a checkout goes forward, and only looks when it is told to', async () => {
  const first = git('checkout', 'rev-parse', 'HEAD');
  expect(await upgrade()).toMatchObject({ code: 0, output: expect.stringContaining('Up to date') });
  const second = await publish('2');
  const looked = await upgrade('--check');
  expect(looked).toMatchObject({ code: 0, steps: [], head: first });
  expect(looked.output).toMatch(/1 commit newer in origin\/main[^]*Version 2/);
  const done = await upgrade();
  expect(done).toMatchObject({ code: 0, head: second });
  expect(done.output).toContain(`Upgraded from ${first.slice(0, 7)} to ${second.slice(0, 7)}`);
  // Nothing ran, so nothing is started.
  expect(done.steps).toEqual([
    'pnpm.mjs install --frozen-lockfile --prefer-offline 2',
    'build.mjs 2',
  ]);
});

test('a version that does not work is gone back from', async () => {
  const before = git('checkout', 'rev-parse', 'HEAD');
  await publish('broken');
  const { code, output, steps, head } = await upgrade();
  expect({ code, head }).toEqual({ code: 1, head: before });
  expect(output).toMatch(/Installing dependencies failed[^]*it does not build[^]*as it was before/);
  expect(steps.map((step) => step.split(' ').at(-1))).toEqual(['broken', '2', '2']);
  await publish('3');
});

test('an upgrade goes on to its end where whoever read what it says has left', async () => {
  const unread = await begin();
  unread.closeOutput();
  const { code, steps, head } = await endOf(unread);
  expect({ code, head }).toEqual({ code: 0, head: git('authors', 'rev-parse', 'HEAD') });
  expect(steps).toHaveLength(2);
  await publish('4');
});

test('what is only here is never overwritten', async () => {
  const before = git('checkout', 'rev-parse', 'HEAD');
  await writeFile(at('checkout', 'version'), 'mine');
  const changed = await upgrade();
  expect(changed).toMatchObject({ code: 1, steps: [], head: before });
  expect(changed.output).toMatch(/changes of your own[^]*version[^]*stash/);
  expect(await readFile(at('checkout', 'version'), 'utf8')).toBe('mine');
  git('checkout', 'commit', '--quiet', '--all', '--message', 'Mine');
  const ahead = await upgrade();
  expect(ahead).toMatchObject({ code: 1, steps: [] });
  expect(ahead.output).toMatch(/1 commit that origin\/main has not[^]*rebase/);
});
