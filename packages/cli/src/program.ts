import { Argument, Command, InvalidArgumentError, Option } from 'commander';

import { cleanup } from './commands/cleanup.ts';
import { logs } from './commands/logs.ts';
import { restart } from './commands/restart.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { up } from './commands/up.ts';
import type { Context } from './context.ts';
import { parsePort } from './stack/ports.ts';

const EXAMPLES = `
Examples:
  ./llm-monitor start          start in the background, dashboard on port 8080
  ./llm-monitor start 8090     … on another port
  ./llm-monitor status         what runs, how it is, what it costs
  ./llm-monitor test           send one call through the running pipeline
  ./llm-monitor demo           simulated traffic, to look at the dashboard
  ./llm-monitor logs -f        follow what the parts write

Environment:
  PORT, NATS_PORT              other ports than 8080 and 4222
  NATS_URL, REDIS_URL          use servers of your own instead of starting some
  NATS_SERVER, REDIS_SERVER    programs that are not on the PATH, or "docker"
  REDIS_MAXMEMORY              most memory for the history (default 1gb)
  LLM_MONITOR_HOME             where data and logs lie (default .llm-monitor)
  OLLAMA_URL                   the Ollama to look at (default http://127.0.0.1:11434)
`;

/** The command line. `finish` receives the exit code of the command that ran. */
export function createProgram(
  createContext: () => Context,
  finish: (code: number) => void,
): Command {
  const program = new Command('llm-monitor')
    .description('See what your LLMs are doing right now, and keep what they did.')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .showHelpAfterError('(./llm-monitor help  lists all commands)')
    .addHelpText('after', EXAMPLES);
  const run = async (command: (context: Context) => Promise<number>) =>
    finish(await command(createContext()));
  const port = () => new Argument('[port]', 'port of the dashboard').argParser(readPort);

  program
    .command('start')
    .description('start everything in the background')
    .addArgument(port())
    .action((typed?: number) => run((context) => start(context, { port: typed })));
  program
    .command('stop')
    .description('stop it; data stay')
    .action(() => run(stop));
  program
    .command('restart')
    .description('stop and start, on the same port unless another is given')
    .addArgument(port())
    .action((typed?: number) => run((context) => restart(context, { port: typed })));
  program
    .command('status')
    .description('each part: state, health, memory; exit code 3 when it does not run')
    .action(() => run(status));
  program
    .command('logs')
    .description('what the parts wrote')
    .argument('[part]', 'nats, redis, collector, api, web, agent or llm-monitor')
    .option('-f, --follow', 'go on as more is written')
    .option('-n, --lines <count>', 'how many lines of each part', readCount, 20)
    .action((part: string | undefined, options: { follow?: boolean; lines: number }) =>
      run((context) => logs(context, { part, ...options })),
    );
  // These two bring the client along; it is loaded only for them, so that a supervisor stays light.
  program
    .command('test')
    .description('send one call through the running pipeline and see it arrive')
    .action(() =>
      run(async (context) => (await import('./commands/self-test.ts')).selfTest(context)),
    );
  program
    .command('demo')
    .description('simulated traffic, marked as such, until Ctrl+C')
    .option('-m, --minutes <count>', 'end by itself', readMinutes)
    .action((options: { minutes?: number }) =>
      run(async (context) => (await import('./commands/demo.ts')).demo(context, options)),
    );
  program
    .command('cleanup')
    .description('remove logs and stale files')
    .option('--data', 'remove all collected data too')
    .option('-y, --yes', 'do not ask')
    .action((options: { data?: boolean; yes?: boolean }) =>
      run((context) => cleanup(context, options)),
    );
  program
    .command('up')
    .description('run everything in the foreground, until Ctrl+C')
    .addArgument(port())
    .addOption(new Option('--detached').hideHelp())
    .action((typed: number | undefined, options: { detached?: boolean }) =>
      run((context) => up(context, { port: typed, ...options })),
    );
  return program;
}

function readPort(text: string): number {
  const port = parsePort(text);
  if (port === undefined) throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return port;
}

function readCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return count;
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0) || minutes > 7 * 24 * 60) {
    throw new InvalidArgumentError('It must be a number of minutes, such as 5 or 0.5.');
  }
  return minutes;
}
