import type { Deletion } from '@llm-monitor/contracts/rest';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { askApi } from './ask-api.ts';
import { findRunningStack } from './running-stack.ts';

/** A step takes some seconds; on a busy machine more. */
const TIMEOUT_MS = 60_000;

interface DeleteOptions {
  /** Without a question. */
  yes?: boolean;
}

/** `delete request`: one call that has ended. */
export function deleteRequest(
  context: Context,
  id: string,
  { app, ...options }: DeleteOptions & { app?: string },
): Promise<number> {
  const query = app === undefined ? '' : `?app=${encodeURIComponent(app)}`;
  return remove(context, `/api/requests/${encodeURIComponent(id)}${query}`, {
    ...{ options, what: `the call ${id}`, done: 'deleted' },
  });
}

/** `delete app`: all calls of an app that have ended. */
export function deleteApp(context: Context, app: string, options: DeleteOptions): Promise<number> {
  return remove(context, `/api/apps/${encodeURIComponent(app)}/requests`, {
    ...{ options, what: `every call of ${app}`, done: 'deleted' },
  });
}

/** `delete prompts`: what was asked and answered, of all calls. */
export function deletePrompts(context: Context, options: DeleteOptions): Promise<number> {
  return remove(context, '/api/prompts', {
    ...{ options, what: 'all prompts, responses and error texts', done: 'freed of texts' },
  });
}

async function remove(
  context: Context,
  path: string,
  { options, what, done }: { options: DeleteOptions; what: string; done: string },
): Promise<number> {
  const { terminal } = context;
  const stack = await findRunningStack(context);
  if (!options.yes && !(await isConfirmed(context, what))) return 1;
  let deleted = 0;
  let running = 0;
  let cursor: string | null = null;
  do {
    const address: string = cursor === null ? path : withCursor(path, cursor);
    const { body }: { body: Deletion } = await askApi<Deletion>(stack, address, {
      ...{ method: 'DELETE', timeoutMs: TIMEOUT_MS },
    });
    deleted += body.deleted;
    running += body.running;
    cursor = body.cursor;
    if (!body.done && cursor === null) throw new CliError('The API stopped half way. Try again.');
    if (cursor !== null) terminal.print(`${calls(deleted)} so far …`);
  } while (cursor !== null);
  terminal.print(`${calls(deleted)} ${deleted === 1 ? 'was' : 'were'} ${done}. Figures stay.`);
  if (running > 0) {
    terminal.print(`${calls(running)} still ran and stayed: once ended, delete again.`);
  }
  return 0;
}

const calls = (count: number) => `${count} ${count === 1 ? 'call' : 'calls'}`;

function withCursor(path: string, cursor: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}

async function isConfirmed({ terminal }: Context, what: string): Promise<boolean> {
  terminal.print(`This removes ${what} from Redis and from the streams. There is no way back.`);
  const answer = await terminal.ask('Type "yes" to go on: ');
  if (answer === undefined) {
    terminal.printError('Nobody can be asked here. To delete it without a question:  --yes');
    return false;
  }
  if (answer.trim().toLowerCase() === 'yes') return true;
  terminal.print('Nothing was deleted.');
  return false;
}
