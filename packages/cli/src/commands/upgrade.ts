import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readPidFile } from '../home/pid-file.ts';
import { portOf } from '../proxy/ollama-address.ts';
import { assertStillGuarded } from '../stack/guard.ts';
import { describeUnkept } from '../stack/kept-settings.ts';
import { settingsOver } from '../stack/setting-files.ts';
import { readStackState, type StackState } from '../stack/stack-state.ts';
import { moveBack, moveForward, readCheckout, type Checkout } from '../upgrade/checkout.ts';
import { assertCanMove, describeCheckout } from '../upgrade/judge-checkout.ts';
import { stop } from './stop.ts';

/** `upgrade`: the newest version, or the one before it when that does not become ready. */
export async function upgrade(context: Context, options: { check?: boolean }): Promise<number> {
  const { root, terminal, command } = context;
  if (!existsSync(join(root, '.git'))) return explainNpm(context);
  const checkout = await readCheckout(root);
  terminal.print(describeCheckout(checkout));
  if (checkout.behind === 0) return 0;
  if (options.check) {
    terminal.print(terminal.style.dim(`${command} upgrade  installs it.`));
    return 0;
  }
  assertCanMove(checkout, root);
  const found = await readPidFile(context.home.pidFile);
  const state =
    found.state === 'running' ? await readStackState(context.home.stateFile) : undefined;
  const settings = settingsOver(state?.settings ?? {}, context.env);
  assertStillGuarded(state, settings, command);
  describeUnkept(state?.unkept ?? [], settings).forEach(terminal.print);
  if (state) await stop(context);
  try {
    await moveForward(root);
    await make(context, state);
  } catch (error) {
    return await goBack(context, { checkout, state, error: error as Error });
  }
  terminal.print(
    `${terminal.style.green('●')} Upgraded from ${short(checkout.head)} to ${short(checkout.target)}.`,
  );
  return 0;
}

/** What npm has installed it can install anew; a program that is run by it must not. */
function explainNpm({ terminal, command }: Context): number {
  terminal.print(
    [
      'It was installed by npm, which brings the newest version:',
      '',
      command.startsWith('npx')
        ? '  npx llm-monitor@latest restart'
        : `  npm install -g llm-monitor@latest && ${command} restart`,
      '',
      'Which is installed, and which is the newest:  npm outdated -g llm-monitor',
    ].join('\n'),
  );
  return 0;
}

/** Installs, builds, and starts what ran before. @throws {CliError} that names the step that failed */
async function make(context: Context, state: StackState | undefined): Promise<void> {
  const { root, home, env } = context;
  const script = (name: string) => join(root, 'scripts', `${name}.mjs`);
  const port = state && String(portOf(new URL(state.webUrl)));
  const steps: [what: string, args: string[]][] = [
    [
      'Installing dependencies',
      [script('pnpm'), 'install', '--frozen-lockfile', '--prefer-offline'],
    ],
    ['Building', [script('build')]],
    ...(port === undefined
      ? []
      : [['Starting', [script('start'), 'start', port]] as [string, string[]]]),
  ];
  for (const [what, args] of steps) {
    context.terminal.print(context.terminal.style.dim(`${what} …`));
    const settings = {
      ...settingsOver(state?.settings ?? {}, env),
      LLM_MONITOR_HOME: home.folder,
    };
    // A start may have to wait for a server of others, and says so.
    const isTold = what === 'Starting';
    const { code, output } = await runStep(context.node, args, {
      cwd: root,
      env: settings,
      isTold,
    });
    if (code !== 0) throw new CliError(`${what} failed.`, { hint: output.trimEnd() });
  }
}

async function goBack(
  context: Context,
  { checkout, state, error }: { checkout: Checkout; state: StackState | undefined; error: Error },
): Promise<number> {
  const { root, terminal } = context;
  const { hint } = error as CliError;
  terminal.printError(`${terminal.style.red('✗')} ${error.message}${hint ? `\n${hint}` : ''}`);
  terminal.printError(`Going back to ${short(checkout.head)} …`);
  // Half of the new stack may run.
  await stop(context);
  await moveBack(root, checkout.head);
  await make(context, state);
  terminal.printError(
    `It is as it was before, at ${short(checkout.head)}. ${short(checkout.target)} does not work here.`,
  );
  return 1;
}

function runStep(
  node: string,
  args: readonly string[],
  { isTold, ...options }: { cwd: string; env: Record<string, string | undefined>; isTold: boolean },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const pipe = isTold ? 'inherit' : 'pipe';
    const child = spawn(node, args, { ...options, stdio: ['ignore', pipe, pipe] });
    let output = '';
    const keep = (chunk: Buffer) => (output += chunk.toString('utf8'));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', reject);
    // A stack in the background holds the pipes no longer than its start.
    child.once('exit', (code) => resolve({ code, output }));
  });
}

const short = (commit: string): string => commit.slice(0, 7);
