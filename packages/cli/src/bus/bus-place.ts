import { CliError } from '../cli-error.ts';
import { localHostOf } from './bus-listening.ts';
import type { BusState } from './bus-state.ts';
import { caPath } from './certificates.ts';

/** Where a new user finds the bus. */
export interface BusPlace {
  url: string;
  caFile: string | undefined;
  /** Other machines reach it there. */
  isReachable: boolean;
}

/**
 * @param given the address that somebody named instead of the stack's own
 * @param options.folder where the stack keeps users and certificates
 * @throws {CliError} when it is no address
 */
export function busPlace(
  given: string | undefined,
  options: { folder: string; ca: string | undefined },
  state: BusState | undefined,
): BusPlace {
  if (given) {
    const url = given.replace(/\/\/[^@/]*@/, '//').replace(/\/+$/, '');
    if (!/^(nats|tls):\/\/[^/\s]+$/.test(url) || !URL.canParse(url)) {
      throw new CliError(`"${url}" is no address of a NATS server.`, {
        hint: 'Write it as nats://host:4222, or as tls://host:4222.',
      });
    }
    const ownCa = state?.listening.isTls ? caPath(options.folder) : undefined;
    return { url, caFile: options.ca ?? ownCa, isReachable: true };
  }
  if (!state) return { url: 'nats://127.0.0.1:4222', caFile: options.ca, isReachable: false };
  const { listening, port, reachableHost } = state;
  const host = reachableHost ?? localHostOf(listening);
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url: `${listening.isTls ? 'tls' : 'nats'}://${at}`,
    caFile: options.ca ?? (listening.isTls ? caPath(options.folder) : undefined),
    isReachable: reachableHost !== undefined,
  };
}
