import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const GRACE_MS = 5000;
const PIPE_PATIENCE_MS = 1000;

/**
 * Runs a program in a process group of its own, so that a time-out or a Ctrl-C ends its children too.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ timeoutMs?: number, env?: Record<string, string | undefined>, quiet?: boolean, cwd?: string }} options `quiet` keeps the
 *   output back and returns it
 * @returns {Promise<{ code: number, timedOut: boolean, output: string }>} code 127 when there is no such program
 */
export function run(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', options.quiet ? 'pipe' : 'inherit', options.quiet ? 'pipe' : 'inherit'],
    detached: true,
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  let timedOut = false;
  const endGroup = (signal) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  const timer = options.timeoutMs
    ? setTimeout(() => {
        timedOut = true;
        endGroup('SIGTERM');
        setTimeout(() => endGroup('SIGKILL'), GRACE_MS).unref();
      }, options.timeoutMs)
    : undefined;
  const forward = (signal) => {
    endGroup(signal);
    process.exitCode = 130;
    setTimeout(() => process.exit(130), GRACE_MS).unref();
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  return new Promise((resolve) => {
    const done = (code) => {
      clearTimeout(timer);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      if (process.exitCode === 130) process.exit(130);
      resolve({ code, timedOut, output });
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      done(127);
    });
    child.once('exit', (code, signal) => {
      const end = () => done(code ?? (signal ? 1 : 0));
      // The last output arrives before "close"; a grandchild that kept the pipe open must not keep us.
      endGroup('SIGKILL');
      const patience = setTimeout(end, PIPE_PATIENCE_MS);
      child.once('close', () => {
        clearTimeout(patience);
        end();
      });
    });
  });
}

/** `12.3 s` */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Runs a program of node_modules/.bin with this very Node. */
export function runTool(name, args, options = {}) {
  // Debian has servers in /usr/sbin, which is not on the PATH of a plain user.
  const PATH = [dirname(process.execPath), process.env.PATH, '/usr/sbin'].join(delimiter);
  return run(`${ROOT}/node_modules/.bin/${name}`, args, {
    ...options,
    env: { PATH, ...options.env },
  });
}
