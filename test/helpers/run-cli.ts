import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.ts';
import { projectRoot } from './project-root.ts';
import { startProgram, type Program } from './start-program.ts';

/** What a command wrote, and how it ended. */
export interface CliRun {
  code: number | null;
  /** Both streams. */
  output: string;
  stdout: string;
}

/** The command line, on a data folder and ports of its own. */
export interface Cli {
  home: string;
  webPort: number;
  natsPort: number;
  proxyPort: number;
  url: string;
  /** Starts a command and does not wait for its end. */
  start(...args: string[]): Program;
  /** Runs a command to its end. */
  run(...args: string[]): Promise<CliRun>;
  /** What the running stack says of its parts. */
  part(name: string): Promise<{ pid: number; restarts: number }>;
  supervisorPid(): Promise<number>;
  /** Ends what still runs and removes the folder. */
  remove(): Promise<void>;
}

const MAIN = 'packages/cli/dist/main.js';

/** Creates a command line whose stack shares nothing with another. The build must be there. */
export async function createCli(
  given: { webPort?: number; natsPort?: number; home?: string; env?: Record<string, string> } = {},
): Promise<Cli> {
  const home = given.home ?? (await mkdtemp(join(tmpdir(), 'cli-')));
  const webPort = given.webPort ?? (await freePort());
  const natsPort = given.natsPort ?? (await freePort());
  const proxyPort = await freePort();
  const start = (...args: string[]) =>
    startProgram(process.execPath, [join(projectRoot(), MAIN), ...args], {
      env: {
        LLM_MONITOR_HOME: home,
        PORT: String(webPort),
        NATS_PORT: String(natsPort),
        PROXY_LISTEN: `127.0.0.1:${proxyPort}`,
        NO_COLOR: '1',
        ...{ NATS_URL: '', REDIS_URL: '', LLM_MONITOR_URL: '', LLM_MONITOR_TOKEN: '' },
        ...{ OLLAMA_URL: '', OLLAMA_HOST: '', PROXIES: '' },
        ...given.env,
      },
    });
  const run = async (...args: string[]): Promise<CliRun> => {
    const program = start(...args);
    const code = await program.exited;
    return { code, output: program.output(), stdout: program.stdout() };
  };
  return {
    home,
    webPort,
    natsPort,
    proxyPort,
    url: `http://127.0.0.1:${webPort}`,
    start,
    run,
    async part(name) {
      const state = JSON.parse(await readFile(join(home, 'stack.json'), 'utf8')) as {
        parts: { name: string; restarts: number; process?: { pid: number } }[];
      };
      const part = state.parts.find((one) => one.name === name);
      if (!part?.process) throw new Error(`${name} does not run`);
      return { pid: part.process.pid, restarts: part.restarts };
    },
    async supervisorPid() {
      return Number((await readFile(join(home, 'llm-monitor.pid'), 'utf8')).split('\n')[0]);
    },
    async remove() {
      await run('stop');
      await rm(home, { recursive: true, force: true });
    },
  };
}
