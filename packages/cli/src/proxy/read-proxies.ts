import { CliError } from '../cli-error.ts';
import { parseOllamaAddress } from './ollama-address.ts';
import { parseListenAddress, type ListenAddress } from './proxy-address.ts';

/** A port that the agent listens on, and the server that it passes everything on to. */
export interface ProxyRoute {
  listen: ListenAddress;
  upstream: URL;
}

/**
 * Reads `PROXIES`, as the agent does: `11436=http://127.0.0.1:8000,…`.
 * @throws {CliError} when it is something else
 */
export function readProxies(text: string | undefined): ProxyRoute[] {
  return (text ?? '')
    .split(',')
    .filter((entry) => entry.trim() !== '')
    .map((entry) => {
      const at = entry.indexOf('=');
      const listen = parseListenAddress(entry.slice(0, Math.max(0, at)));
      const given = entry.slice(at + 1).trim();
      const upstream = at === -1 || given === '' ? undefined : parseOllamaAddress(given);
      if (listen && upstream) return { listen, upstream };
      throw new CliError(`PROXIES has "${entry.trim()}".`, {
        hint: 'It must be a list such as 11436=http://127.0.0.1:8000,11437=http://127.0.0.1:1234',
      });
    });
}
