import { lookup, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

import { isRefusedAddress, whyRefusedAddress } from '@llm-monitor/runtime';

import { SendError } from '../../core/delivery/send-error.ts';

/** @throws {SendError} for a host that is such an address itself; names are judged by {@link carefulLookup} when they are resolved */
export function assertReachable(host: string): void {
  if (isRefusedAddress(host)) throw refused(host);
}

const refused = (host: string) => new SendError(whyRefusedAddress(host), { permanent: true });

/** Resolves a name for the very connection that is made, so that a second answer of DNS cannot be another one. */
export const carefulLookup: LookupFunction = (host, options, done) => {
  const all: LookupOptions & { all: true } = { ...(options as LookupOptions), all: true };
  lookup(host, all, (error, addresses) => {
    if (error) return done(error, '', 0);
    if (addresses.some(({ address }) => isRefusedAddress(address)))
      return done(refused(host), '', 0);
    const [first] = addresses;
    if ((options as LookupOptions).all) return done(null, addresses as never);
    return first
      ? done(null, first.address, first.family)
      : done(new Error(`there is no ${host}`), '', 0);
  });
};
