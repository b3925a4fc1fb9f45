import { X509Certificate } from 'node:crypto';
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

interface ApiTlsConfig {
  API_URL: string;
  API_CA: string;
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

/**
 * Who signed the certificate of the API; undefined when nothing is said of it: then it must be one that Node trusts.
 * @throws {ConfigError}
 */
export function apiTls({ API_URL, API_CA }: ApiTlsConfig): TlsSettings | undefined {
  if (API_CA && !API_URL.startsWith('https:')) {
    throw new ConfigError(
      'API_CA is given, but API_URL is not https. Give the API a certificate (API_TLS_CERT, API_TLS_KEY) and an API_URL that begins with https://, or leave API_CA away.',
    );
  }
  return readTls('API', API_CA, '', '');
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
    // Of an authority that is none, it says nothing.
    if (settings.ca) void new X509Certificate(settings.ca);
  } catch (error) {
    const names = cert ? `${name}_CA, ${name}_CERT and ${name}_KEY` : `${name}_CA`;
    throw new ConfigError(
      `${names} cannot be used: ${(error as Error).message}. PEM is expected: of the authority that signed the server's certificate; of a certificate and its own key.`,
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
