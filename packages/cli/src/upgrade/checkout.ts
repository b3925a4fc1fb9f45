import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { CliError } from '../cli-error.ts';

const run = promisify(execFile);
const FETCH_TIMEOUT_MS = 120_000;
const MOST_SHOWN = 10;

/** A git checkout, and what its remote has that it has not. */
export interface Checkout {
  head: string;
  /** The branch that it follows, and where that is. */
  upstream: string;
  target: string;
  /** How many commits it is behind, and the newest of them in words. */
  behind: number;
  news: readonly string[];
  /** Files that were changed here. */
  changed: readonly string[];
  /** Commits here that the remote has not. */
  ahead: number;
}

/**
 * Asks the remote.
 * @throws {CliError} when there is none, or it cannot be reached
 */
export async function readCheckout(root: string): Promise<Checkout> {
  const branch = await git(root, 'rev-parse', '--abbrev-ref', 'HEAD');
  const upstream = await git(root, 'rev-parse', '--abbrev-ref', '@{upstream}').catch(() => {
    throw new CliError(
      `The branch ${branch} of ${root} follows no other, so nothing can be pulled.`,
      {
        hint: `Let it follow one:  git -C ${root} branch --set-upstream-to=origin/main`,
      },
    );
  });
  await git(root, 'fetch', '--quiet').catch((cause: Error & { stderr?: string }) => {
    throw new CliError(
      `The remote of ${root} cannot be asked: ${lastLine(cause.stderr ?? cause.message)}`,
      {
        hint: `See what it says:  git -C ${root} fetch`,
        cause,
      },
    );
  });
  const [head, target, behind, ahead, news, changed] = await Promise.all([
    git(root, 'rev-parse', 'HEAD'),
    git(root, 'rev-parse', '@{upstream}'),
    git(root, 'rev-list', '--count', 'HEAD..@{upstream}'),
    git(root, 'rev-list', '--count', '@{upstream}..HEAD'),
    git(root, 'log', '--format=%h %s', `--max-count=${MOST_SHOWN}`, 'HEAD..@{upstream}'),
    git(root, 'status', '--porcelain', '--untracked-files=no'),
  ]);
  return {
    ...{ head, upstream, target },
    ...{ behind: Number(behind), ahead: Number(ahead) },
    ...{ news: lines(news), changed: lines(changed) },
  };
}

/** Goes to what was fetched. Never merges: a history of its own is refused before. */
export async function moveForward(root: string): Promise<void> {
  await git(root, 'merge', '--ff-only', '--quiet', '@{upstream}');
}

/** Back to where it was. Files that were changed meanwhile are kept, or it refuses. */
export async function moveBack(root: string, head: string): Promise<void> {
  await git(root, 'reset', '--keep', '--quiet', head);
}

async function git(root: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', root, ...args], {
    timeout: FETCH_TIMEOUT_MS,
    // Nobody is there to type a password.
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
  });
  return stdout.trimEnd();
}

const lines = (text: string): string[] => text.split('\n').filter(Boolean);
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
