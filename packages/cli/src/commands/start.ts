import { fork } from 'node:child_process';
import { openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { CliError } from '../cli-error.ts';
import type { Context, StarterMessage } from '../context.ts';
import { prepareHome } from '../home/home.ts';
import { readPidFile } from '../home/pid-file.ts';
import { withSettingFiles } from '../stack/setting-files.ts';
import { lastLines } from '../stack/tail.ts';
import { alreadyRuns } from './already-runs.ts';
import { webPortOf } from './web-port.ts';

const MAX_LOG_BYTES = 5_000_000;
/** The supervisor holds little: what it starts holds the rest. */
const NODE_FLAGS = ['--v8-pool-size=1', '--max-semi-space-size=1', '--max-old-space-size=128'];

/** `start`: `up` in the background. Returns when it is ready, or says why it is not. */
export async function start(
  context: Context,
  options: { port?: number | undefined },
): Promise<number> {
  const { home, terminal } = context;
  prepareHome(home);
  const found = await readPidFile(home.pidFile);
  if (found.state === 'running') return await alreadyRuns(context, found.identity, options.port);
  // The child reads them itself: what stands in a file need not be in its environment.
  const port = webPortOf(options.port, withSettingFiles(context).env);
  const outcome = await startInBackground(context, port);
  if (outcome.type === 'ready') {
    terminal.print(
      `${outcome.summary}\n\n${terminal.style.dim(`${context.command} stop  ends it.`)}`,
    );
    return 0;
  }
  if (outcome.type === 'runs') return await alreadyRuns(context, outcome.by, options.port);
  throw new CliError(outcome.message, outcome.hint ? { hint: outcome.hint } : {});
}

type Outcome = Exclude<StarterMessage, { type: 'progress' }>;

function startInBackground(context: Context, port: number): Promise<Outcome> {
  const { home, terminal } = context;
  const path = join(home.logs, 'llm-monitor.log');
  const log = openLog(path);
  const child = fork(context.main, ['up', String(port), '--detached'], {
    detached: true,
    execPath: context.node,
    execArgv: NODE_FLAGS,
    env: { ...context.env, LLM_MONITOR_HOME: home.folder },
    stdio: ['ignore', log, log, 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      resolve({ type: 'failed', message: `It ended with ${code}.`, hint: readTail(path) }),
    );
    let told = false;
    child.on('message', (message: StarterMessage) => {
      // What it says later is in its log; to take the listener away here would upset Node.
      if (told) return undefined;
      if (message.type === 'progress') return terminal.print(terminal.style.dim(message.text));
      told = true;
      child.removeAllListeners('exit');
      child.disconnect();
      child.unref();
      return resolve(message);
    });
  });
}

/** The supervisor writes little, so looking at each start is rotation enough. */
function openLog(path: string): number {
  try {
    if (statSync(path).size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  } catch {
    // The first start.
  }
  return openSync(path, 'a', 0o600);
}

function readTail(path: string): string {
  return `The end of ${path}:\n${lastLines(readFileSync(path, 'utf8'), 20)}`;
}
