import type { Context } from '../context.ts';
import { readStackState } from '../stack/stack-state.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';

/** `restart`: stop and start, with the port and the servers that it had, unless told otherwise. */
export async function restart(
  context: Context,
  options: { port?: number | undefined },
): Promise<number> {
  const before = await readStackState(context.home.stateFile);
  await stop(context);
  const port = options.port ?? (before ? Number(new URL(before.webUrl).port) : undefined);
  const env = { ...before?.settings, ...definedOf(context.env) };
  return await start({ ...context, env }, { port });
}

function definedOf(env: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value));
}
