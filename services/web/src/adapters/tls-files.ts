import { createSecureContext } from 'node:tls';

import { ConfigError, readPem } from '@llm-monitor/runtime';

/** What the port needs to speak HTTPS, PEM. */
export interface TlsFiles {
  cert: string;
  key: string;
}

/**
 * Certificate and key, each given as PEM or as the path of a file; undefined when there are none.
 * @throws {ConfigError} when one lacks, cannot be read, or does not fit the other
 */
export function readTlsFiles(config: { TLS_CERT: string; TLS_KEY: string }): TlsFiles | undefined {
  const { TLS_CERT, TLS_KEY } = config;
  if (!TLS_CERT && !TLS_KEY) return undefined;
  if (!TLS_CERT || !TLS_KEY) {
    throw new ConfigError('TLS_CERT and TLS_KEY belong together. Give both, or neither.');
  }
  const files = { cert: readPem('TLS_CERT', TLS_CERT), key: readPem('TLS_KEY', TLS_KEY) };
  try {
    createSecureContext(files);
  } catch (error) {
    throw new ConfigError(
      `TLS_CERT and TLS_KEY cannot be used: ${(error as Error).message}. Give a certificate (with its chain) and its own key, both PEM.`,
    );
  }
  return files;
}
