import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';

const KILL_AFTER_MS = 10_000;

/**
 * Runs servers as children of this process. One that dies is started again, unless `restartMs` is undefined.
 * @param {readonly import('./plan.mjs').Part[]} parts
 * @param {{ folder: string, restartMs: number | undefined, say(text: string): void }} options
 */
export function runParts(parts, { folder, restartMs, say }) {
  const children = new Map();
  const timers = new Set();
  let isStopping = false;

  const start = (part) => {
    const log = openSync(join(folder, `${part.name}.log`), 'a');
    // A group of its own: Ctrl-C must reach this process first, which ends them in order.
    const child = spawn(part.command, part.args, { stdio: ['ignore', log, log], detached: true });
    children.set(part.name, child);
    child.once('error', (error) => say(`${part.name} does not start: ${error.message}`));
    child.once('exit', (code, signal) => {
      children.delete(part.name);
      if (isStopping) return;
      const again = restartMs === undefined ? '' : `; it is started again in ${restartMs / 1000} s`;
      say(`${part.name} ended (${signal ?? code})${again}`);
      if (restartMs === undefined) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        start(part);
        say(`${part.name} runs again, pid ${children.get(part.name)?.pid}`);
      }, restartMs);
      timers.add(timer);
    });
  };
  for (const part of parts) start(part);

  return {
    pidOf: (name) => children.get(name)?.pid,
    isAllRunning: () => parts.every(({ name }) => children.get(name)?.pid !== undefined),
    async stop() {
      isStopping = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([...children.values()].map(end));
    },
  };
}

function end(child) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    if (!child.kill('SIGTERM')) resolve();
  });
}
