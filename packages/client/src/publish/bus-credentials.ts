import { readFileSync } from 'node:fs';

import type { ConnectionOptions } from '@nats-io/transport-node';

/** How a client proves to the bus who it is, and how it knows the bus. What the URL says counts where nothing is said here. */
export interface BusCredentials {
  user?: string;
  password?: string;
  token?: string;
  /** The seed of an nkey: `SU…`. */
  nkey?: string;
  /** Path of a `.creds` file, as `nsc` makes it. It is read again at each dialling. */
  credsFile?: string;
  /** Paths of PEM files, or PEM; `true` for TLS with the certificates that Node trusts. */
  tls?:
    | boolean
    | {
        caFile?: string;
        certFile?: string;
        keyFile?: string;
        ca?: string;
        cert?: string;
        key?: string;
      };
}

/** Credentials from the environment: LLM_MONITOR_NATS_USER, _PASSWORD, _TOKEN, _NKEY, _CREDS, _CA, _CERT, _KEY. */
export function credentialsFrom(text: (name: string) => string | undefined): BusCredentials {
  const found: BusCredentials = {};
  const set = <K extends keyof BusCredentials>(name: K, value: BusCredentials[K] | undefined) => {
    if (value !== undefined) found[name] = value;
  };
  set('user', text('LLM_MONITOR_NATS_USER'));
  set('password', text('LLM_MONITOR_NATS_PASSWORD'));
  set('token', text('LLM_MONITOR_NATS_TOKEN'));
  set('nkey', text('LLM_MONITOR_NATS_NKEY'));
  set('credsFile', text('LLM_MONITOR_NATS_CREDS'));
  const files = {
    caFile: text('LLM_MONITOR_NATS_CA'),
    certFile: text('LLM_MONITOR_NATS_CERT'),
    keyFile: text('LLM_MONITOR_NATS_KEY'),
  };
  const named = Object.entries(files).filter(([, path]) => path !== undefined);
  if (named.length > 0) found.tls = Object.fromEntries(named) as { caFile?: string };
  return found;
}

/**
 * What the library wants for them.
 * @throws when a file cannot be read or a seed is none
 */
export async function connectionCredentials(
  credentials: BusCredentials,
  isTls: boolean,
): Promise<Partial<ConnectionOptions>> {
  const { credsAuthenticator, nkeyAuthenticator } = await import('@nats-io/transport-node');
  const { user, password, token, nkey, credsFile } = credentials;
  const tls = credentials.tls ?? isTls;
  return {
    ...(user ? { user } : {}),
    ...(password ? { pass: password } : {}),
    ...(token ? { token } : {}),
    ...(nkey ? { authenticator: nkeyAuthenticator(new TextEncoder().encode(nkey)) } : {}),
    ...(credsFile ? { authenticator: credsAuthenticator(readFileSync(credsFile)) } : {}),
    // The library reads the files.
    ...(tls ? { tls: tls === true ? {} : tls } : {}),
  };
}
