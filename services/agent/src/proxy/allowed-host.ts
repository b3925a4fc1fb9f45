import { isIP } from 'node:net';

const LOCAL_TLD = /\.(localhost|local|internal)$/;

/**
 * May a request for this `Host` come in over the loopback device? The rule is Ollama's own. It has to stand here too, because the
 * upstream gets its own name as `Host` and cannot see a browser page that made a foreign name point to this machine (DNS rebinding).
 */
export function isAllowedHost(
  header: string | undefined,
  machine: { hostname: string; addresses: readonly string[] },
): boolean {
  const host = nameOf(header ?? '');
  if (host === '' || host === 'localhost' || host === machine.hostname.toLowerCase()) return true;
  if (isIP(host) !== 0) return isPrivateAddress(host) || machine.addresses.includes(host);
  return LOCAL_TLD.test(host);
}

/** The host of `host:port`, in lower case and without brackets. */
function nameOf(header: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(header);
  return (bracketed?.[1] ?? header.replace(/:\d*$/, '')).toLowerCase();
}

/** Loopback, private or unspecified. */
function isPrivateAddress(address: string): boolean {
  const v4 = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (isIP(v4) === 4) {
    const [a = 0, b = 0] = v4.split('.').map(Number);
    const isPrivate = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
    return isPrivate || a === 127 || v4 === '0.0.0.0';
  }
  return address === '::1' || address === '::' || /^f[cd]/.test(address);
}
