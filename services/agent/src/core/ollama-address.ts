import { PORTS } from '@llm-monitor/contracts/bus';

const ANY_ADDRESS = /^(0\.0\.0\.0|\[::\]|)$/;

/**
 * Reads an address as Ollama's own `OLLAMA_HOST` allows it: with or without scheme and port.
 * `0.0.0.0` is where a server listens; to call it, it is this machine.
 */
export function parseOllamaAddress(text: string): string | undefined {
  const address = text.trim() || '127.0.0.1';
  const withHost = address.startsWith(':') ? `127.0.0.1${address}` : address;
  const full = withHost.includes('://') ? withHost : `http://${withHost}`;
  if (!/^https?:\/\//.test(full) || !URL.canParse(full)) return undefined;
  const url = new URL(full);
  if (ANY_ADDRESS.test(url.hostname)) url.hostname = '127.0.0.1';
  const hasPort = /:\d+(\/|$)/.test(full.slice(full.indexOf('://') + 3));
  if (!hasPort && url.protocol === 'http:') url.port = String(PORTS.ollama);
  return url.href.replace(/\/+$/, '');
}

/** `host:port` of an address, without credentials and path: what may be shown. */
export function shownAddress(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
