import { ConfigError } from './config-error.ts';
import { decodeCredential } from './decode-credential.ts';

/** Where a store is, as `REDIS_URL` says it. */
export type StoreAddress = { kind: 'server'; url: string } | ({ kind: 'cluster' } & ClusterAddress);

/** Nodes to begin with (the cluster itself names the others), and what each of them asks for. */
export interface ClusterAddress {
  nodes: { host: string; port: number }[];
  username?: string;
  password?: string;
  isTls: boolean;
}

const DEFAULT_PORT = 6379;

/**
 * Reads `redis://…`, `rediss://…`, `unix:///path/to/socket`, or several addresses of a Redis Cluster, separated by commas. In a
 * list the scheme and the credentials of one address count for all.
 * @throws {ConfigError} for anything else
 */
export function parseStoreAddress(url: string): StoreAddress {
  const parts = url
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [first = ''] = parts;
  if (parts.length > 1) return { kind: 'cluster', ...parseCluster(parts) };
  if (first.startsWith('unix://')) return { kind: 'server', url: first.slice('unix://'.length) };
  if (!first.startsWith('/')) checkServer(first);
  return { kind: 'server', url: first };
}

/** The library is given it as it is, and would say without its name what is wrong with it. */
function checkServer(url: string): void {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) throw wrongAddress(url);
  const { username, password } = new URL(url);
  decodeCredential('REDIS_URL', username);
  decodeCredential('REDIS_URL', password);
}

function parseCluster(parts: readonly string[]): ClusterAddress {
  const address: ClusterAddress = { nodes: [], isTls: false };
  for (const part of parts) {
    const { protocol, hostname, port, username, password } = parsePart(part);
    address.nodes.push({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || DEFAULT_PORT),
    });
    if (protocol === 'rediss:') address.isTls = true;
    if (username) address.username = decodeCredential('REDIS_URL', username);
    if (password) address.password = decodeCredential('REDIS_URL', password);
  }
  return address;
}

function parsePart(part: string): URL {
  const text = part.includes('://') ? part : `redis://${part}`;
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) throw wrongAddress(part);
  const url = new URL(text);
  if (url.hostname === '') throw wrongAddress(part);
  return url;
}

function wrongAddress(part: string): ConfigError {
  return new ConfigError(
    `REDIS_URL must start with redis://, rediss:// or unix://, or list the nodes of a Redis Cluster with commas between them (it is "${part.split('@').pop()}")`,
  );
}
