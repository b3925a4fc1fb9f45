import { PORTS } from '@llm-monitor/contracts/bus';

/** Reads `http://host:port`, or what Ollama's own `OLLAMA_HOST` allows: without scheme or port. Undefined when it is no address. */
export function parseOllamaAddress(text: string): URL | undefined {
  const address = text.trim();
  const full = address.includes('://') ? address : `http://${address.replace(/^:/, '127.0.0.1:')}`;
  if (!/^https?:/.test(full) || !URL.canParse(full)) return undefined;
  const url = new URL(full);
  // Where a server listens; to call it, it is this machine.
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  const hasPort = /:\d+(\/|$)/.test(full.slice(full.indexOf('://') + 3));
  if (!hasPort && url.protocol === 'http:') url.port = String(PORTS.ollama);
  return url;
}

/** `host:port`, without credentials and path: what may be shown. */
export function shownAddress({ hostname, port, protocol }: URL): string {
  return `${hostname}:${portOf({ port, protocol })}`;
}

export function portOf({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
