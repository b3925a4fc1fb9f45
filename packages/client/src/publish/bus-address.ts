/** One server of the bus, and how to be let in. */
export interface BusAddress {
  host: string;
  port: number;
  tls: boolean;
  user?: string;
  pass?: string;
  token?: string;
}

const PROTOCOLS = new Set(['nats:', 'tls:']);

/**
 * Reads `nats://user:password@host:port,host:port`, `tls://…` or `nats://token@…`.
 * @throws {TypeError} when it is not a URL
 */
export function parseBusUrl(url: string): BusAddress[] {
  const addresses = url.split(',').map((one): BusAddress => {
    const parsed = new URL(one.includes('://') ? one.trim() : `nats://${one.trim()}`);
    if (!PROTOCOLS.has(parsed.protocol) || !parsed.hostname) {
      throw new TypeError('not an address of a NATS server');
    }
    const user = decodeURIComponent(parsed.username);
    const pass = decodeURIComponent(parsed.password);
    return {
      host: parsed.hostname.replace(/^\[|\]$/g, ''),
      port: Number(parsed.port || 4222),
      tls: parsed.protocol === 'tls:',
      ...(user && pass ? { user, pass } : user ? { token: user } : {}),
    };
  });
  // Credentials given once count for all servers.
  const { user, pass, token } =
    addresses.find((one) => one.user ?? one.token) ?? ({} as Partial<BusAddress>);
  const credentials = user && pass ? { user, pass } : token ? { token } : {};
  return addresses.map((address) => ({ ...credentials, ...address }));
}
