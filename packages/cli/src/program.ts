import { Argument, Command, Option } from 'commander';

import { agent } from './commands/agent.ts';
import { cleanup } from './commands/cleanup.ts';
import { logs } from './commands/logs.ts';
import { pipeline } from './commands/pipeline.ts';
import { proxy } from './commands/proxy.ts';
import { restart } from './commands/restart.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { up } from './commands/up.ts';
import type { Context } from './context.ts';
import { addAlerts } from './program/alerts.ts';
import { addArchive } from './program/archive.ts';
import { readCount, readMinutes, readPort } from './program/arguments.ts';
import { addCredentials } from './program/credentials.ts';
import { addDeadLetters } from './program/dead-letters.ts';
import { addDeletions } from './program/deletions.ts';
import { addExport } from './program/exports.ts';
import { addHistory } from './program/history.ts';
import { addLive } from './program/live.ts';
import { addRebuild } from './program/rebuild.ts';
import type { Run } from './program/run.ts';
import { addUpkeep } from './program/upkeep.ts';
import { version } from './version.ts';

const examples = (command: string) => `
Examples:
  ${command} start          start in the background, dashboard on port 8080
  ${command} start 8090     … on another port
  ${command} status         what runs, how it is, what it costs
  ${command} pipeline       where events wait or were lost
  ${command} top            what runs now, live; tail: events; query: the history
  ${command} alerts         what fires; alerts rules: by which rules
  ${command} doctor         what is wrong, and what to do
  ${command} test           send one call through the running pipeline
  ${command} demo           simulated traffic, to look at the dashboard
  ${command} proxy          only the proxy, beside an Ollama; events go to NATS_URL
  ${command} credentials add my-app   let an app in, for its own calls only
  ${command} logs -f        follow what the parts write

Environment:
  PORT, NATS_PORT              other ports than 8080 and 4222
  NATS_URL, REDIS_URL          use servers of your own instead of starting some
  NATS_SERVER, REDIS_SERVER    programs that are not on the PATH, or "docker"
  NATS_HOST                    0.0.0.0 lets other machines reach NATS, with TLS and credentials
  NATS_ADVERTISE               the name or address by which they do
  NATS_AUTH, NATS_TLS          "required" and "on": the same on this machine alone
  REDIS_MAXMEMORY              most memory for the history (default 1gb)
  LLM_MONITOR_HOME             where data and logs lie (default .llm-monitor)
  OLLAMA_URL                   the Ollama to look at (default http://127.0.0.1:11434)
  PROXY_LISTEN                 where the proxy to it listens (default 127.0.0.1:11435), or off
  PROXIES                      more of them: 11436=http://127.0.0.1:8000,…
`;

/** The command line. `finish` receives the exit code of the command that ran. */
export function createProgram(context: Context, finish: (code: number) => void): Command {
  const program = new Command('llm-monitor')
    .description('See what your LLMs are doing right now, and keep what they did.')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .version(version(), '-V, --version', 'show the version')
    .showHelpAfterError(`(${context.command} help  lists all commands)`)
    .helpCommand(false)
    .addHelpText('after', examples(context.command));
  const run: Run = async (command) => finish(await command(context));
  const port = () => new Argument('[port]', 'port of the dashboard').argParser(readPort);

  program
    .command('start')
    .description('start everything in the background')
    .addArgument(port())
    .action((typed?: number) => run((current) => start(current, { port: typed })));
  program
    .command('stop')
    .description('stop it; data stay')
    .action(() => run(stop));
  program
    .command('restart')
    .description('stop and start, with the port and settings that it had unless others are given')
    .addArgument(port())
    .action((typed?: number) => run((current) => restart(current, { port: typed })));
  program
    .command('status')
    .description('each part: state, health, memory; exit code 3 when it does not run')
    .action(() => run(status));
  addUpkeep(program, run);
  program
    .command('pipeline')
    .description('where events wait, and where some were lost; exit code 1 when none moves')
    .action(() => run(pipeline));
  addLive(program, run);
  addHistory(program, run);
  addExport(program, run);
  addAlerts(program, run);
  addDeadLetters(program, run);
  addDeletions(program, run);
  addArchive(program, run);
  addRebuild(program, run);
  program
    .command('logs')
    .description('what the parts wrote')
    .argument(
      '[part]',
      'nats, redis, collector, api, web, agent, alerts, connectors or llm-monitor',
    )
    .option('-f, --follow', 'go on as more is written')
    .option('-n, --lines <count>', 'how many lines of each part', readCount, 20)
    .action((part: string | undefined, options: { follow?: boolean; lines: number }) =>
      run((current) => logs(current, { part, ...options })),
    );
  // These two bring the client along; it is loaded only for them, so that a supervisor stays light.
  program
    .command('test')
    .description('send one call through the running pipeline and see it arrive')
    .action(() =>
      run(async (current) => (await import('./commands/self-test.ts')).selfTest(current)),
    );
  program
    .command('demo')
    .description('simulated traffic, marked as such, until Ctrl+C')
    .option('-m, --minutes <count>', 'end by itself', readMinutes)
    .action((options: { minutes?: number }) =>
      run(async (current) => (await import('./commands/demo.ts')).demo(current, options)),
    );
  program
    .command('proxy')
    .description('run only the proxy in the foreground: any program that it is put before is seen')
    .option('-l, --listen <host:port>', 'where programs reach it (default 127.0.0.1:11435)')
    .option('-u, --upstream <url>', 'the server behind it (default http://127.0.0.1:11434)')
    .action((options: { listen?: string; upstream?: string }) =>
      run((current) => proxy(current, options)),
    );
  program
    .command('agent')
    .description('run the agent of this machine for the monitor of another')
    .option('-j, --join <token>', 'once: what "credentials add --agent" printed; - reads it')
    .option('-l, --listen <host:port>', 'where programs reach its proxy (default 127.0.0.1:11435)')
    .option('-u, --upstream <url>', 'the server behind it (default http://127.0.0.1:11434)')
    .action((options: { join?: string; listen?: string; upstream?: string }) =>
      run((current) => agent(current, options)),
    );
  addCredentials(program, run);
  program
    .command('cleanup')
    .description('remove logs and stale files')
    .option('--data', 'remove all collected data too')
    .option('-y, --yes', 'do not ask')
    .action((options: { data?: boolean; yes?: boolean }) =>
      run((current) => cleanup(current, options)),
    );
  program
    .command('up')
    .description('run everything in the foreground, until Ctrl+C')
    .addArgument(port())
    .addOption(new Option('--detached').hideHelp())
    .action((typed: number | undefined, options: { detached?: boolean }) =>
      run((current) => up(current, { port: typed, ...options })),
    );
  program
    .command('help')
    .description('show all commands, or one')
    .argument('[command]')
    .action((name?: string) => showHelp(program, name));
  return program;
}

function showHelp(program: Command, name: string | undefined): void {
  const command = program.commands.find((one) => one.name() === name);
  if (name !== undefined && !command) program.error(`error: unknown command '${name}'`);
  (command ?? program).outputHelp();
}
