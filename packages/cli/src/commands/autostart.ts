import { execFile } from 'node:child_process';
import { lstat, mkdir, readFile, rm, symlink } from 'node:fs/promises';

import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { autostartFile, type AutostartFile } from '../autostart/autostart-files.ts';
import { LABEL, SERVICE, type AutostartSpec } from '../autostart/autostart-spec.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { prepareHome } from '../home/home.ts';
import { readPidFile } from '../home/pid-file.ts';
import { writePrivate } from '../home/write-private.ts';
import { portOf } from '../proxy/ollama-address.ts';
import { carriedSettings } from '../stack/carried-settings.ts';
import { settingsOver } from '../stack/setting-files.ts';
import { readStackState } from '../stack/stack-state.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;
/** As `status` answers for what is not there. */
const NOT_INSTALLED = 3;

export interface AutostartOptions {
  /** Only shows the file. */
  print?: boolean;
  /** Starts it at once. */
  now?: boolean;
  for?: AutostartFile['system'];
}

/** `autostart install`: the stack runs from each login on, as it would run if it were started here. */
export async function installAutostart(
  context: Context,
  options: AutostartOptions,
): Promise<number> {
  const { terminal, home, command } = context;
  const file = autostartFile(await specOf(context), { ...place(context), system: options.for });
  if (options.print) {
    terminal.print(file.text.trimEnd());
    return 0;
  }
  prepareHome(home);
  const before = await readFile(file.path, 'utf8').catch(() => undefined);
  await mkdir(dirname(file.path), { recursive: true });
  await writePrivate(file.path, file.text);
  if (file.link) await enable(file.link, file.path);
  const isTold = await tellSystem(file);
  terminal.print(`${before === undefined ? 'Wrote' : 'Wrote anew'} ${file.path}`);
  terminal.print('From your next login on, LLM Monitor runs by itself.');
  if (file.system === 'systemd') {
    terminal.print(
      terminal.style.dim(
        'From the start of the machine on, without a login:  loginctl enable-linger',
      ),
    );
  }
  const found = await readPidFile(home.pidFile);
  if (options.now && found.state !== 'running') await startNow(file, isTold);
  else terminal.print(howToStart(file, found.state === 'running', command));
  terminal.print(terminal.style.dim(`${command} autostart remove  undoes it.`));
  return 0;
}

/** `autostart remove`: data and what runs at the moment stay. */
export async function removeAutostart(context: Context): Promise<number> {
  const { terminal } = context;
  const file = await installedFile(context);
  if (!file) {
    terminal.print('LLM Monitor does not start by itself.');
    return 0;
  }
  if (file.link) await rm(file.link, { force: true });
  await rm(file.path, { force: true });
  await tellSystem(file);
  terminal.print(`Removed ${file.path}`);
  terminal.print('LLM Monitor does not start by itself any more. What runs goes on; data stay.');
  return 0;
}

/** `autostart status`: exit code 3 when it is not installed. */
export async function showAutostart(context: Context): Promise<number> {
  const { terminal, command } = context;
  const file = await installedFile(context);
  if (!file) {
    terminal.print('LLM Monitor does not start by itself.');
    terminal.print(terminal.style.dim(`${command} autostart install  lets it.`));
    return NOT_INSTALLED;
  }
  const isEnabled = file.link === undefined || (await isThere(file.link));
  const now = await readFile(file.path, 'utf8');
  terminal.print(
    isEnabled
      ? `${terminal.style.green('●')} It starts at each login, by ${file.path}`
      : `${terminal.style.yellow('●')} ${file.path} is there, but switched off.`,
  );
  if (now !== file.text) {
    terminal.print(
      `What this shell would have it run differs: other paths or settings.\n${command} autostart install  writes it anew.`,
    );
  }
  return 0;
}

/** Is it installed? For those who clean up. */
export async function hasAutostart(context: Context): Promise<boolean> {
  try {
    return (await installedFile(context)) !== undefined;
  } catch {
    // A system without any.
    return false;
  }
}

async function installedFile(context: Context): Promise<AutostartFile | undefined> {
  const file = autostartFile(await specOf(context), place(context));
  return (await isThere(file.path)) ? file : undefined;
}

const place = ({ env }: Context) => ({ env, platform: process.platform });

/** What would run if it were started here, or what runs: a stack keeps the servers that it was started with. */
async function specOf(context: Context): Promise<AutostartSpec> {
  const { env, home, node, main } = context;
  if (/[/\\]_npx[/\\]/.test(main)) {
    throw new CliError('npx keeps programs for a while only, so it could not start one later.', {
      hint: 'Install it:  npm install -g llm-monitor   then:  llm-monitor autostart install',
    });
  }
  const state = await readStackState(home.stateFile);
  const port = state ? { PORT: String(portOf(new URL(state.webUrl))) } : {};
  const settings = carriedSettings(settingsOver({ ...port, ...state?.settings }, env));
  return {
    command: [node, main, 'up'],
    folder: context.root,
    env: { ...settings, LLM_MONITOR_HOME: home.folder },
    logFile: join(home.logs, 'autostart.log'),
  };
}

/** All that `systemctl --user enable` does, which wants a session to do it. */
async function enable(link: string, path: string): Promise<void> {
  await mkdir(dirname(link), { recursive: true });
  await rm(link, { force: true });
  await symlink(path, link);
}

/** @returns whether it heard */
async function tellSystem({ system, path }: AutostartFile): Promise<boolean> {
  if (system === 'systemd') return await succeeds('systemctl', ['--user', 'daemon-reload']);
  // What is loaded goes on by the old file until it is loaded again.
  if (await isThere(path)) return true;
  return await succeeds('launchctl', ['bootout', `gui/${process.getuid?.()}/${LABEL}`]);
}

async function startNow({ system, path }: AutostartFile, isTold: boolean): Promise<void> {
  const started =
    system === 'systemd'
      ? isTold && (await succeeds('systemctl', ['--user', 'start', SERVICE]))
      : await succeeds('launchctl', ['bootstrap', `gui/${process.getuid?.()}`, path]);
  if (started) return;
  throw new CliError(`${system} cannot be asked from here to start it.`, {
    hint: 'It starts at the next login all the same.',
  });
}

function howToStart({ system, path }: AutostartFile, isRunning: boolean, command: string): string {
  const start =
    system === 'systemd'
      ? `systemctl --user start ${SERVICE}`
      : `launchctl bootstrap gui/$(id -u) ${path}`;
  return isRunning
    ? `What runs now goes on. To hand it over at once:  ${command} stop && ${start}`
    : `To start it at once:  ${start}`;
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args, { timeout: TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
