import { PORTS } from '@llm-monitor/contracts/bus';

import { localHostOf, type BusListening } from '../bus/bus-listening.ts';
import { CliError } from '../cli-error.ts';
import { findPortHolder } from './port-holder.ts';
import { natsPortTaken, webPortTaken } from './port-messages.ts';
import { isPortFree, isPortTaken, parsePort, type PortPool } from './ports.ts';
import type { ServiceName } from './service-names.ts';

const ANY_PORT = 0;

/** Ports that a stack holds which ends before the new one begins. */
export type OwnPorts = ReadonlySet<number>;
export const NO_PORTS: OwnPorts = new Set();

export async function canTakePort(port: number, own: OwnPorts, host?: string): Promise<boolean> {
  return own.has(port) || (await isPortFree(port, host));
}

/** @throws {CliError} when another program has it */
export async function claimWebPort(port: number, own: OwnPorts, command: string): Promise<number> {
  // Browsers take localhost for this address first: they would see the program that has it.
  const isElsewhere = !own.has(port) && (await isPortTaken(port, '::1'));
  if (!isElsewhere && (await canTakePort(port, own))) return port;
  throw webPortTaken(port, await findPortHolder(port), command);
}

/** @throws {CliError} when `NATS_PORT` is no port, or another program has it */
export async function claimNatsPort(
  env: Record<string, string | undefined>,
  listening: BusListening,
  own: OwnPorts,
  command: string,
): Promise<number> {
  const port = natsPortOf(env);
  const host = localHostOf(listening);
  if (await canTakePort(port, own, host)) return port;
  if (!(await isPortFree(ANY_PORT, host))) {
    throw new CliError(`NATS_HOST is "${listening.host}", which is no address of this machine.`, {
      hint: 'Name one that it has, or 0.0.0.0 for all of them.',
    });
  }
  throw natsPortTaken(port, await findPortHolder(port), command);
}

/** @throws {CliError} when `NATS_PORT` is no port */
export function natsPortOf(env: Record<string, string | undefined>): number {
  const given = env['NATS_PORT'];
  const port = given ? parsePort(given) : PORTS.nats;
  if (port !== undefined) return port;
  throw new CliError(`NATS_PORT is "${given}".`, { hint: 'It must be a port, 1 to 65535.' });
}

/** As far from the dashboard's port as they are by default: two stacks that start at the same moment choose different ones. */
export async function takePorts(pool: PortPool, web: number): Promise<Record<ServiceName, number>> {
  const take = (name: Exclude<ServiceName, 'web'>) => {
    const port = web + PORTS[name] - PORTS.web;
    return pool.take(port <= 65_535 ? port : undefined);
  };
  return {
    web,
    api: await take('api'),
    collector: await take('collector'),
    agent: await take('agent'),
    alerts: await take('alerts'),
    connectors: await take('connectors'),
  };
}
