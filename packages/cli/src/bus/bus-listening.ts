import { networkInterfaces } from 'node:os';

import { CliError } from '../cli-error.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const EVERYWHERE = new Set(['0.0.0.0', '::', '*']);

/** Where this stack's NATS listens, and whom it lets in how. */
export interface BusListening {
  host: string;
  /** Reached from this machine only. */
  isLocal: boolean;
  isTls: boolean;
  /** Programs need no credentials. */
  isOpen: boolean;
}

/**
 * Reads NATS_HOST, NATS_TLS (on, off) and NATS_AUTH (required, local).
 * @throws {CliError} when they are wrong, or would open the bus to a network without credentials
 */
export function readBusListening(env: Record<string, string | undefined>): BusListening {
  const host = env['NATS_HOST'] || '127.0.0.1';
  const isLocal = LOOPBACK.has(host);
  const tls = oneOf(env, 'NATS_TLS', ['on', 'off']) ?? (isLocal ? 'off' : 'on');
  const auth = oneOf(env, 'NATS_AUTH', ['required', 'local']) ?? (isLocal ? 'local' : 'required');
  if (!isLocal && auth === 'local') {
    throw new CliError(`NATS_HOST=${host} with NATS_AUTH=local would let anybody in.`, {
      hint: 'Leave NATS_AUTH out: beyond this machine NATS asks for credentials.',
    });
  }
  return { host, isLocal, isTls: tls === 'on', isOpen: auth === 'local' };
}

/** Where programs of this machine reach it. */
export function localHostOf({ host }: Pick<BusListening, 'host'>): string {
  return EVERYWHERE.has(host) || host === 'localhost' ? '127.0.0.1' : host;
}

/**
 * Where other machines reach it: NATS_ADVERTISE, or the address it listens on, or the first one of this machine.
 * Undefined when they cannot.
 */
export function reachableHost(
  env: Record<string, string | undefined>,
  { host, isLocal }: Pick<BusListening, 'host' | 'isLocal'>,
): string | undefined {
  if (env['NATS_ADVERTISE']) return env['NATS_ADVERTISE'];
  if (isLocal) return undefined;
  return EVERYWHERE.has(host) ? machineAddresses()[0] : host;
}

/** Addresses of this machine in networks, those of version 4 first. */
export function machineAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .toSorted((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address);
}

function oneOf<T extends string>(
  env: Record<string, string | undefined>,
  name: string,
  values: readonly T[],
): T | undefined {
  const given = env[name]?.trim().toLowerCase();
  if (!given) return undefined;
  const found = values.find((value) => value === given);
  if (found) return found;
  throw new CliError(`${name} is "${given}".`, { hint: `It may be: ${values.join(', ')}.` });
}
