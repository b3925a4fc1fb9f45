import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 2000;

/** Who listens on a port, as `name (pid 42)`; undefined where the system does not say. */
export async function findPortHolder(port: number): Promise<string | undefined> {
  const listening = `-iTCP:${port}`;
  return (
    (await ask('lsof', ['-nP', listening, '-sTCP:LISTEN', '-Fpc'], holderFromLsof)) ??
    (await ask('ss', ['-Hltnp', `sport = :${port}`], holderFromSs))
  );
}

async function ask(
  program: string,
  args: string[],
  read: (output: string) => string | undefined,
): Promise<string | undefined> {
  try {
    return read((await run(program, args, { timeout: TIMEOUT_MS })).stdout);
  } catch {
    return undefined;
  }
}

/** `lsof -Fpc` writes `p<pid>` and `c<name>` on lines of their own. */
export function holderFromLsof(output: string): string | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  const name = /^c(.+)$/m.exec(output)?.[1];
  return pid && name ? `${name} (pid ${pid})` : undefined;
}

/** `ss -p` ends a line with `users:(("name",pid=42,fd=3))`. */
export function holderFromSs(output: string): string | undefined {
  const match = /users:\(\("([^"]+)",pid=(\d+)/.exec(output);
  return match ? `${match[1]} (pid ${match[2]})` : undefined;
}
