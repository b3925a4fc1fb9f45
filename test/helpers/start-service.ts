import { fileURLToPath } from 'node:url';

import { freePort } from './free-port.ts';
import { startProgram, type Program } from './start-program.ts';
import { waitFor } from './wait-for.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A service of the product in a process of its own, built code, on a free port. */
export interface Service extends Program {
  port: number;
  url: string;
}

/** Starts `services/<name>/dist/main.js` (build first) and waits until `/health` answers, or `/ready` when asked to. */
export async function startService(
  name: 'collector' | 'api' | 'web' | 'agent',
  env: Record<string, string | undefined>,
  options: { until?: 'health' | 'ready' } = {},
): Promise<Service> {
  const port = Number(env['PORT'] ?? (await freePort()));
  const program = startProgram(process.execPath, [`${ROOT}/services/${name}/dist/main.js`], {
    env: { LOG_LEVEL: 'warn', ...env, PORT: String(port) },
  });
  const url = `http://127.0.0.1:${port}`;
  let code: number | null | undefined;
  void program.exited.then((exit) => (code = exit)).catch(() => (code = -1));
  try {
    await waitFor(`${name} to be up`, async () => {
      if (code !== undefined) throw new Error(`${name} ended with ${code}:\n${program.output()}`);
      return (await fetch(`${url}/${options.until ?? 'health'}`)).ok;
    });
  } catch (error) {
    await program.stop('SIGKILL');
    throw new Error(`${name} did not come up:\n${program.output()}`, { cause: error });
  }
  return { ...program, port, url };
}
