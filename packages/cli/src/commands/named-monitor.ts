import { CliError } from '../cli-error.ts';

/**
 * Where the monitor is that `LLM_MONITOR_URL` names, without a slash at its end; undefined when it names none.
 * @throws {CliError} when it is no address
 */
export function namedMonitor(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['LLM_MONITOR_URL'];
  if (!named) return undefined;
  if (URL.canParse(named) && /^https?:$/.test(new URL(named).protocol)) {
    return named.replace(/\/+$/, '');
  }
  throw new CliError(`LLM_MONITOR_URL is "${named}", which is no address of a monitor.`, {
    hint: 'Write it like http://127.0.0.1:8080',
  });
}
