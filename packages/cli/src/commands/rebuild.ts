import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Context } from '../context.ts';
import { createProgressBar } from '../terminal/progress-bar.ts';
import { collectorEnvironment } from './store-environment.ts';

/** What the collector's program says, one a line. */
interface Said {
  step?: keyof typeof STEPS;
  done?: number;
  of?: number;
  dropped?: number;
  result?: { generation: number; events: number; requests: number; behind: string[] };
}

const STEPS = {
  replay: 'reading events from the stream',
  import: 'bringing along what is older',
  settle: 'settling the counts',
  swap: 'changing over',
  finish: 'done',
} as const;

/** `rebuild`: fills the store anew from the stream, beside the present one, and changes over when it is whole. */
export async function rebuild(context: Context): Promise<number> {
  const { terminal } = context;
  const bar = createProgressBar(terminal);
  const code = await runRebuild(context, [], (said) => {
    if (said.step) bar.show(STEPS[said.step], said.done ?? 0, said.of);
    if (!said.result) return;
    bar.end();
    const { generation, events, requests, behind } = said.result;
    terminal.print(`${events} events read, ${requests} calls looked at.`);
    terminal.print(
      `Generation ${generation} of the store is the present one; the dashboard and the API show it. The former one is still there:`,
    );
    terminal.print(terminal.style.dim(`${context.command} rebuild --drop-old  removes it.`));
    if (behind.length > 0) {
      terminal.printError(
        `These collectors still write the former one: ${behind.join(', ')}. Restart them, then rebuild again.`,
      );
    }
  });
  bar.end();
  if (code !== 0) terminal.printError('Nothing was changed.');
  return code;
}

/** `rebuild --drop-old`: removes the generation that was the present one before. */
export async function dropOldGeneration(context: Context): Promise<number> {
  return await runRebuild(context, ['drop-old'], ({ dropped }) => {
    if (dropped === undefined) return;
    context.terminal.print(
      dropped === 0
        ? 'There is no former generation.'
        : `Removed the former generation: ${dropped} keys.`,
    );
  });
}

/** By a program of the collector's, which alone knows how events are counted. @returns its exit code */
async function runRebuild(
  context: Context,
  args: readonly string[],
  onSaid: (said: Said) => void,
): Promise<number> {
  const program = join(context.root, 'services', 'collector', 'dist', 'rebuild', 'main.js');
  const env = await collectorEnvironment(context);
  const child = spawn(context.node, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface(child.stdout).on('line', (line) => onSaid(JSON.parse(line) as Said));
  createInterface(child.stderr).on('line', context.terminal.printError);
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}
