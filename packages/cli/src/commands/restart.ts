import type { Context } from '../context.ts';
import { readPidFile } from '../home/pid-file.ts';
import { portOf } from '../proxy/ollama-address.ts';
import { assertStillGuarded } from '../stack/guard.ts';
import { describeUnkept } from '../stack/kept-settings.ts';
import { portsOf, preflight } from '../stack/preflight.ts';
import { settingsOver, withSettingFiles } from '../stack/setting-files.ts';
import { readLastState, readStackState } from '../stack/stack-state.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { webPortOf } from './web-port.ts';

/**
 * `restart`: stop and start, with the port and the settings that it has, or had when it ran last, unless told otherwise. What a start would refuse is found
 * out before anything is stopped.
 */
export async function restart(
  context: Context,
  options: { port?: number | undefined },
): Promise<number> {
  const found = await readPidFile(context.home.pidFile);
  const isRunning = found.state === 'running';
  const before =
    (isRunning && (await readStackState(context.home.stateFile))) ||
    (await readLastState(context.home));
  const port = options.port ?? (before ? portOf(new URL(before.webUrl)) : undefined);
  const env = settingsOver(before?.settings ?? {}, context.env);
  assertStillGuarded(before, env, context.command);
  const next = { ...context, env };
  const read = withSettingFiles(next);
  if (isRunning) {
    await preflight(read, { webPort: webPortOf(port, read.env), own: portsOf(before) });
  }
  describeUnkept(before?.unkept ?? [], env).forEach(context.terminal.print);
  await stop(context);
  return await start(next, { port });
}
