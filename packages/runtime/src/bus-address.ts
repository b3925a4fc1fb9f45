import { ConfigError } from './config-error.ts';
import { decodeCredential } from './decode-credential.ts';

const SCHEMES = new Set(['nats:', 'tls:']);

/**
 * Splits `nats://user:password@host:port,host:port` (or `nats://token@…`) into what the client takes.
 * @throws {ConfigError} for what is no such address
 */
export function parseBusUrl(url: string): {
  servers: string[];
  user?: string;
  pass?: string;
  token?: string;
} {
  const servers: string[] = [];
  const credentials: { user?: string; pass?: string; token?: string } = {};
  for (const one of url.split(',')) {
    const parsed = parsePart(one.trim());
    servers.push(`${parsed.hostname}:${parsed.port || '4222'}`);
    if (parsed.username && parsed.password) {
      credentials.user = decodeCredential('NATS_URL', parsed.username);
      credentials.pass = decodeCredential('NATS_URL', parsed.password);
    } else if (parsed.username) credentials.token = decodeCredential('NATS_URL', parsed.username);
  }
  return { servers, ...credentials };
}

function parsePart(part: string): URL {
  const text = part.includes('://') ? part : `nats://${part}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && SCHEMES.has(url.protocol) && url.hostname !== '') return url;
  // A password is nobody's to read.
  throw new ConfigError(
    `NATS_URL must be an address such as nats://127.0.0.1:4222, or several with commas between them (it is "${part.split('@').pop()}")`,
  );
}
