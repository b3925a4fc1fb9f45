import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

import { ConfigError } from './config-error.ts';

/** How a service knows the server it connects to, and proves who it is, PEM; only what was given. */
export interface TlsSettings {
  ca?: string;
  cert?: string;
  key?: string;
}

interface BusTlsConfig {
  NATS_CA: string;
  NATS_CERT: string;
  NATS_KEY: string;
}

interface StoreTlsConfig {
  REDIS_CA: string;
  REDIS_CERT: string;
  REDIS_KEY: string;
}

/**
 * TLS of the connection to NATS; undefined when nothing is said of it: then a server that asks for TLS must be one that Node trusts.
 * @throws {ConfigError}
 */
export function busTls(config: BusTlsConfig): TlsSettings | undefined {
  return readTls('NATS', config.NATS_CA, config.NATS_CERT, config.NATS_KEY);
}

/**
 * The same of the connection to Redis, whose address says `rediss://` then.
 * @throws {ConfigError}
 */
export function storeTls(config: StoreTlsConfig): TlsSettings | undefined {
  return readTls('REDIS', config.REDIS_CA, config.REDIS_CERT, config.REDIS_KEY);
}

function readTls(name: string, ca: string, cert: string, key: string): TlsSettings | undefined {
  if (!ca && !cert && !key) return undefined;
  if (!cert !== !key) {
    throw new ConfigError(`${name}_CERT and ${name}_KEY belong together. Give both, or neither.`);
  }
  const settings = {
    ...(ca ? { ca: readPem(`${name}_CA`, ca) } : {}),
    ...(cert ? { cert: readPem(`${name}_CERT`, cert), key: readPem(`${name}_KEY`, key) } : {}),
  };
  try {
    createSecureContext(settings);
  } catch (error) {
    throw new ConfigError(
      `${name}_CA, ${name}_CERT and ${name}_KEY cannot be used: ${(error as Error).message}. They take PEM: the authority that signed the server's certificate; a certificate and its own key.`,
    );
  }
  return settings;
}

/**
 * A setting that is PEM, or the path of a file that holds it.
 * @throws {ConfigError} when the file cannot be read
 */
export function readPem(name: string, value: string): string {
  if (value.startsWith('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `${name} names "${value}", which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). It takes the path of a PEM file.`,
    );
  }
}
