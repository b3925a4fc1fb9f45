import { pino, type DestinationStream, type Logger } from 'pino';

import { readSetting } from './setting-files.ts';

export type { Logger } from 'pino';

/** JSON lines on standard output, one service's name in each. */
export function createLogger(options: {
  service: string;
  level: string;
  to?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: withoutArguments },
  };
  return options.to ? pino(settings, options.to) : pino(settings);
}

/** An error of Redis brings the command that it answers, with all that was to be written: prompts, too. */
function withoutArguments(error: Error): unknown {
  const told: unknown = pino.stdSerializers.err(error);
  const { command } = error as { command?: { name?: string } };
  return command ? { ...(told as object), command: command.name } : told;
}

const LEVELS = new Set([...Object.keys(pino.levels.values), 'silent']);

/** What `LOG_LEVEL` says. What is wrong with it is said when the whole configuration is read, and there is a log to say it in. */
export function logLevelOf(env: Record<string, string | undefined>): string {
  try {
    const level = readSetting(env, 'LOG_LEVEL') ?? 'info';
    return LEVELS.has(level) ? level : 'info';
  } catch {
    return 'info';
  }
}
