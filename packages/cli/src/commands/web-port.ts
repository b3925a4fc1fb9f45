import { PORTS } from '@llm-monitor/contracts/bus';

import { CliError } from '../cli-error.ts';
import { parsePort } from '../stack/ports.ts';

/** The dashboard's port: as typed, else `PORT`, else 8080. */
export function webPortOf(
  typed: number | undefined,
  env: Record<string, string | undefined>,
): number {
  if (typed !== undefined) return typed;
  const given = env['PORT']?.trim();
  if (!given) return PORTS.web;
  const port = parsePort(given);
  if (port === undefined) {
    throw new CliError(`PORT is "${given}".`, { hint: 'It must be a port, 1 to 65535.' });
  }
  return port;
}
