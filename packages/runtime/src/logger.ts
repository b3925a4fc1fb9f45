import { pino, type Logger } from 'pino';

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
