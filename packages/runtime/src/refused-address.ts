import { BlockList, isIP } from 'node:net';

/**
 * Where machines in clouds tell who asks their keys. Nothing that people are told by is there, so whatever name leads to one of these is refused.
 */
const REFUSED = new BlockList();
REFUSED.addSubnet('169.254.0.0', 16, 'ipv4');
REFUSED.addAddress('100.100.100.200', 'ipv4');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
REFUSED.addAddress('fd00:ec2::254', 'ipv6');

/** Is it one of them itself? A name is none: it is judged when it is resolved. Brackets, as addresses of the web have them, do not matter. */
export function isRefusedAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  return family !== 0 && REFUSED.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

export const whyRefusedAddress = (host: string): string =>
  `${host} is a link-local address, where clouds keep the keys of machines. Nothing is sent there.`;
