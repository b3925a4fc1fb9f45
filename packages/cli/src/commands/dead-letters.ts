import type { DeadLetter, DeadLetterRetry } from '@llm-monitor/contracts/rest';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { printable } from '../terminal/printable.ts';
import { formatTable } from '../terminal/table.ts';
import { askApi } from './ask-api.ts';
import { findRunningStack, type RunningStack } from './running-stack.ts';

const HEAD = ['number', 'when', 'reason', 'subject', 'why'];
const PAGE = 100;
const WHY_LENGTH = 80;

/** `dead-letters`: the newest messages that could not be used. */
export async function listDeadLetters(
  context: Context,
  { limit }: { limit: number },
): Promise<number> {
  const { terminal, command } = context;
  const stack = await findRunningStack(context);
  const letters = await readLetters(stack, limit);
  if (letters.length === 0) {
    terminal.print('There are no dead letters: every message could be used.');
    return 0;
  }
  const rows = letters.map(({ sequence, at, reason, subject, detail }) => [
    ...[String(sequence), at.slice(0, 19).replace('T', ' '), reason, printable(subject)],
    printable(detail).slice(0, WHY_LENGTH),
  ]);
  terminal.print(formatTable([HEAD.map(terminal.style.dim), ...rows], new Set([0])));
  terminal.print(
    `\n${command} dead-letters show <number>   …retry <number>|all   …remove <number>|all`,
  );
  return 0;
}

/** `dead-letters show`: one of them, with what is kept of its body. */
export async function showDeadLetter(context: Context, sequence: string): Promise<number> {
  const { terminal } = context;
  const stack = await findRunningStack(context);
  const { body } = await askApi<DeadLetter>(stack, pathOf(sequence));
  terminal.print(`${body.reason}: ${printable(body.detail)}`);
  terminal.print(
    terminal.style.dim(`${printable(body.subject)}   ${body.at}   ${body.bytes} bytes`),
  );
  terminal.print(`\n${printable(body.body)}`);
  if (body.truncated) terminal.print(terminal.style.dim('… the rest is not kept'));
  return 0;
}

/** `dead-letters retry`: publishes one again, or all of them. */
export async function retryDeadLetters(context: Context, which: string): Promise<number> {
  const stack = await findRunningStack(context);
  return await forEach(context, stack, which, 'published again', async (sequence) => {
    await askApi<DeadLetterRetry>(stack, `${pathOf(sequence)}/retry`, { method: 'POST' });
  });
}

/** `dead-letters remove`: removes one, or all of them. */
export async function removeDeadLetters(context: Context, which: string): Promise<number> {
  const stack = await findRunningStack(context);
  return await forEach(context, stack, which, 'removed', async (sequence) => {
    await askApi(stack, pathOf(sequence), { method: 'DELETE' });
  });
}

async function forEach(
  { terminal }: Context,
  stack: RunningStack,
  which: string,
  done: string,
  act: (sequence: string) => Promise<void>,
): Promise<number> {
  if (which !== 'all') {
    await act(which);
    terminal.print(`Letter ${which} was ${done}.`);
    return 0;
  }
  // Those that there are now: one that comes back as a new letter is not taken again.
  const letters = await readLetters(stack, Infinity);
  let failed = 0;
  for (const { sequence } of letters) {
    try {
      await act(String(sequence));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failed += 1;
      terminal.printError(`Letter ${sequence}: ${error.message} ${error.hint ?? ''}`);
    }
  }
  terminal.print(`${letters.length - failed} of ${letters.length} letters were ${done}.`);
  return failed > 0 ? 1 : 0;
}

async function readLetters(stack: RunningStack, limit: number): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  let path: string | undefined = `/api/dead-letters?limit=${Math.min(limit, PAGE)}`;
  while (path !== undefined && letters.length < limit) {
    const page: { body: DeadLetter[]; next: string | undefined } = await askApi(stack, path);
    letters.push(...page.body);
    path = page.next;
  }
  return letters.slice(0, limit);
}

function pathOf(sequence: string): string {
  return `/api/dead-letters/${encodeURIComponent(sequence)}`;
}
