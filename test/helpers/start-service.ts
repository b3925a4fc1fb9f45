import { freePort } from './free-port.ts';
import { projectRoot } from './project-root.ts';
import { startProgram, type Program } from './start-program.ts';
import { waitFor } from './wait-for.ts';

/** A service of the product in a process of its own, built code, on a free port. */
export interface Service extends Program {
  port: number;
  url: string;
}

/** Starts `services/<name>/dist/main.js` (build first) and waits until `/health` answers, or `/ready` when asked to. */
export async function startService(
  name: 'collector' | 'api' | 'web' | 'agent' | 'alerts' | 'connectors',
  env: Record<string, string | undefined>,
  options: {
    until?: 'health' | 'ready';
    /** Another checkout, whose built services run; this one by default. */
    root?: string | undefined;
  } = {},
): Promise<Service> {
  const port = Number(env['PORT'] ?? (await freePort()));
  const program = startProgram(
    process.execPath,
    [`${options.root ?? projectRoot()}/services/${name}/dist/main.js`],
    {
      // Tests that want the agent's proxy name a port of their own.
      env: { LOG_LEVEL: 'warn', PROXY_LISTEN: 'off', ...env, PORT: String(port) },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  const ended = program.exited.then((code) => {
    throw new Error(`${name} ended with ${code}`);
  });
  const isUp = async () => (await fetch(`${url}/${options.until ?? 'health'}`)).ok;
  // A machine that does much else takes its time; a service that ends says so at once.
  const answers = waitFor(`${name} to be up`, isUp, { timeoutMs: 60_000 });
  answers.catch(() => undefined);
  ended.catch(() => undefined);
  try {
    await Promise.race([answers, ended]);
  } catch (error) {
    await program.stop('SIGKILL');
    throw new Error(`${name} did not come up:\n${program.output()}`, { cause: error });
  }
  return { ...program, port, url };
}
