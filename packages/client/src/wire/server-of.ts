import type { CallDescription } from '../call/call-description.ts';

/** Which server a URL names: never its credentials. */
export function serverOf(url: string): Pick<CallDescription, 'serverAddress' | 'serverPort'> {
  try {
    const { hostname, port, protocol } = new URL(url);
    return {
      serverAddress: hostname,
      serverPort: Number(port || (protocol === 'https:' ? 443 : 80)),
    };
  } catch {
    return {};
  }
}
