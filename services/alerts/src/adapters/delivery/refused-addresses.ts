import { lookup, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

import { SendError } from '../../core/delivery/send-error.ts';

/**
 * Where machines in clouds tell who asks their keys. Nothing that people are told by is there, so whatever name leads to one of these is refused.
 */
const REFUSED = new BlockList();
REFUSED.addSubnet('169.254.0.0', 16, 'ipv4');
REFUSED.addAddress('100.100.100.200', 'ipv4');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
REFUSED.addAddress('fd00:ec2::254', 'ipv6');

export function isRefusedAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && REFUSED.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** @throws {SendError} for a host that is such an address itself; names are judged by {@link carefulLookup} when they are resolved */
export function assertReachable(host: string): void {
  if (isRefusedAddress(host.replace(/^\[|\]$/g, ''))) throw refused(host);
}

const refused = (host: string) =>
  new SendError(
    `${host} is a link-local address, where clouds keep the keys of machines. Nothing is sent there.`,
    { permanent: true },
  );

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
