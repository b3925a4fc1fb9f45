import { PORTS } from '@llm-monitor/contracts/bus';

import { CliError } from '../cli-error.ts';
import { parsePort } from '../stack/ports.ts';
import { parseOllamaAddress, portOf, shownAddress } from './ollama-address.ts';

/** Where the proxy listens. */
export interface ListenAddress {
  host: string;
  port: number;
}

const DEFAULT_OLLAMA = `http://127.0.0.1:${PORTS.ollama}`;
const LOOPBACK = /^(localhost|127\.[\d.]+|\[?::1\]?)$/;
const EVERYWHERE = new Set(['0.0.0.0', '::', '[::]']);

/** Reads `host:port` or a port. Undefined when it is neither. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:(\[[\da-fA-F:.]+\]|[^:[\]\s/]+):)?(\d{1,5})$/.exec(text.trim());
  const port = parsePort(match?.[2] ?? '');
  return match && port !== undefined ? { host: match[1] ?? '127.0.0.1', port } : undefined;
}

/** `host:port`, as a program of this machine reaches it. */
export function reachedAt({ host, port }: ListenAddress): string {
  return `${EVERYWHERE.has(host) ? '127.0.0.1' : host}:${port}`;
}

/** How a program is put behind the proxy. */
export function proxyUsage(reached: string): string {
  return `OLLAMA_HOST=${reached} python app.py`;
}

/**
 * The server that the proxy passes calls on to: as given, else `OLLAMA_URL`, else `OLLAMA_HOST`, unless that names the proxy itself, as it
 * does in the shell of somebody who uses the proxy.
 * @throws {CliError} when it is no address, or the proxy itself
 */
export function chooseUpstream(
  listen: ListenAddress | undefined,
  options: { given?: string | undefined; env: Record<string, string | undefined> },
): URL {
  const { env } = options;
  const [name, text] = options.given
    ? ['--upstream', options.given]
    : ['OLLAMA_URL', env['OLLAMA_URL']];
  const chosen = text?.trim() ? readUpstream(name, text) : undefined;
  if (chosen && listen && isSame(chosen, listen)) {
    throw new CliError(`The proxy would pass calls on to itself, at ${shownAddress(chosen)}.`, {
      hint: `${name} must be where the server itself listens, such as ${DEFAULT_OLLAMA}.`,
    });
  }
  if (chosen) return chosen;
  const host = env['OLLAMA_HOST']?.trim();
  const usual = host ? readUpstream('OLLAMA_HOST', host) : new URL(DEFAULT_OLLAMA);
  return listen && isSame(usual, listen) ? new URL(DEFAULT_OLLAMA) : usual;
}

function readUpstream(name: string, text: string): URL {
  const url = parseOllamaAddress(text);
  if (url) return url;
  throw new CliError(`${name} is "${text}".`, {
    hint: `It must be an address such as ${DEFAULT_OLLAMA}.`,
  });
}

function isSame(upstream: URL, { host, port }: ListenAddress): boolean {
  if (portOf(upstream) !== port) return false;
  const isHere = (name: string) => LOOPBACK.test(name) || EVERYWHERE.has(name);
  return upstream.hostname === host || (isHere(upstream.hostname) && isHere(host));
}
