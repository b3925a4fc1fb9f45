import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from './project-root.ts';
import { startProgram, type Program } from './start-program.ts';

/** The npm packages, in a folder outside of the checkout. */
export interface Packed {
  /** The tarballs, by the name of their file without version. */
  client: string;
  cli: string;
  /** Makes a folder. */
  folder(name: string): Promise<string>;
  remove(): Promise<void>;
}

/** What npm tells the programs that it runs of itself would make another npm work in the checkout. */
const NPM_ENV = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) =>
      /^npm_(command|lifecycle|package|execpath|node|config_local_prefix)|^INIT_CWD$/.test(name),
    )
    .map((name) => [name, undefined]),
);

/** Starts a program in `cwd` as from a shell of its own. */
export function startIn(
  cwd: string,
  command: readonly [string, ...string[]],
  env: Record<string, string> = {},
): Program {
  const [program, ...args] = command;
  return startProgram(program, args, { cwd, env: { ...NPM_ENV, ...env } });
}

/** Runs a program to its end. @throws when it fails */
export async function runIn(...given: Parameters<typeof startIn>): Promise<string> {
  const program = startIn(...given);
  const code = await program.exited;
  if (code === 0) return program.output();
  throw new Error(`${given[1].join(' ')} ended with ${code}:\n${program.output()}`);
}

/** Installs tarballs and packages of the registry into a folder, from npm's cache where that has them. */
export async function install(folder: string, ...what: string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  await runIn(folder, ['npm', 'install', ...quiet, ...what]);
}

/** Makes the packages and has publint and attw check them. */
export async function packAll(): Promise<Packed> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'llm-monitor-packed-')));
  const target = join(root, 'packages');
  await runIn(projectRoot(), [process.execPath, 'scripts/pack.mjs', '--check', target]);
  const files = await readdir(target);
  const tarball = (name: RegExp) => join(target, files.find((file) => name.test(file)) ?? 'none');
  return {
    client: tarball(/^llm-monitor-client-\d.*\.tgz$/),
    cli: tarball(/^llm-monitor-\d.*\.tgz$/),
    async folder(name) {
      const folder = join(root, name);
      await mkdir(folder);
      return folder;
    },
    async remove() {
      await removeFromNpx(root);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Copies a program of this folder's tests. */
export async function copyProgram(name: string, folder: string, as = name): Promise<void> {
  await cp(join(projectRoot(), 'test/pack/programs', name), join(folder, as));
}

/** `npx ./some.tgz` keeps what it installed. */
async function removeFromNpx(root: string): Promise<void> {
  const cache = (await runIn(root, ['npm', 'config', 'get', 'cache', '--loglevel=error'])).trim();
  const kept = join(cache.split('\n').at(-1) ?? '', '_npx');
  for (const name of await readdir(kept).catch(() => [])) {
    const manifest = await readFile(join(kept, name, 'package.json'), 'utf8').catch(() => '');
    if (manifest.includes(root.slice(1)))
      await rm(join(kept, name), { recursive: true, force: true });
  }
}
