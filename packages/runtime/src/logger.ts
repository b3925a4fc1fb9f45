import { pino, type Logger } from 'pino';

import { readSetting } from './setting-files.ts';

export type { Logger } from 'pino';

/** JSON lines on standard output, one service's name in each. */
export function createLogger(options: { service: string; level: string }): Logger {
  return pino({
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
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
