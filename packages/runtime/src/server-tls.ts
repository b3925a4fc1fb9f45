import { createSecureContext } from 'node:tls';

import { ConfigError } from './config-error.ts';
import { readPem } from './tls-settings.ts';

/** What a port needs to speak HTTPS, PEM. */
export interface ServerTls {
  cert: string;
  key: string;
  minVersion: 'TLSv1.2';
}

/**
 * Certificate (with its chain) and key of a port, each given as PEM or as the path of a file; undefined when there are none.
 * @param prefix of the settings' names: '' for `TLS_CERT` and `TLS_KEY`
 * @throws {ConfigError} when one lacks, cannot be read, or does not fit the other
 */
export function readServerTls<Prefix extends '' | 'API_'>(
  prefix: Prefix,
  config: Record<`${Prefix}TLS_CERT` | `${Prefix}TLS_KEY`, string>,
): ServerTls | undefined {
  const names = { cert: `${prefix}TLS_CERT`, key: `${prefix}TLS_KEY` } as const;
  const given = { cert: config[names.cert], key: config[names.key] };
  if (!given.cert && !given.key) return undefined;
  if (!given.cert || !given.key) {
    throw new ConfigError(`${names.cert} and ${names.key} belong together. Give both, or neither.`);
  }
  const tls = {
    cert: readPem(names.cert, given.cert),
    key: readPem(names.key, given.key),
    minVersion: 'TLSv1.2' as const,
  };
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new ConfigError(
      `${names.cert} and ${names.key} cannot be used: ${(error as Error).message}. Give a certificate (with its chain) and its own key, both PEM.`,
    );
  }
  return tls;
}
