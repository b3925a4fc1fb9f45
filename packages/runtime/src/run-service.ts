import closeWithGrace from 'close-with-grace';

import { ConfigError } from './config.ts';
import { keepObjectsYoung } from './keep-objects-young.ts';
import { keepTickShape } from './keep-tick-shape.ts';
import { createLogger, logLevelOf, type Logger } from './logger.ts';

/** What a service gives back once it runs. */
export interface Running {
  /** Ends all that it started, within a bound. */
  close(): Promise<void>;
  /** What it still waits for, where it serves already without. A failure of that is one of the start. */
  complete?: Promise<void>;
}

const CLOSE_TIMEOUT_MS = 10_000;
/** With it a service says whether it could run with its settings, and starts nothing. */
const CHECK_SETTINGS = '--check-settings';

/**
 * Runs a service in this process: configuration, start, and an end in good order on SIGTERM and SIGINT.
 * A wrong configuration, a taken port or a server that refuses ends the process with status 1 and a message.
 */
export async function runService<Config>(options: {
  service: string;
  env: Record<string, string | undefined>;
  /** Reads and judges all settings. @throws {ConfigError} */
  configure(env: Record<string, string | undefined>): Config;
  start(context: { log: Logger; config: Config }): Promise<Running>;
}): Promise<void> {
  if (process.argv.includes(CHECK_SETTINGS)) return check(() => options.configure(options.env));
  keepObjectsYoung();
  keepTickShape();
  const log = createLogger({ service: options.service, level: logLevelOf(options.env) });
  let running: Running | undefined;
  closeWithGrace({ delay: CLOSE_TIMEOUT_MS, logger: false }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'an error that nothing caught ends the service');
    else log.info({ signal }, 'closing');
    await running?.close();
  });
  try {
    running = await options.start({ log, config: options.configure(options.env) });
    await running.complete;
  } catch (error) {
    log.fatal(error instanceof ConfigError ? error.message : { err: error }, explain(error));
    process.exit(1);
  }
}

function check(configure: () => unknown): void {
  try {
    configure();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function explain(error: unknown): string {
  const { code, port, address } = error as { code?: string; port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${address} is taken: end the program that holds it, or set PORT to another`;
  }
  return (error as Error).message;
}
