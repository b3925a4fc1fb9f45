import type { CallDescription } from '../call/call-description.ts';
import { remembered } from './remembered.ts';

/** Which server a URL names: never its credentials. */
export const serverOf = remembered(readServer);

function readServer(url: string): Readonly<Pick<CallDescription, 'serverAddress' | 'serverPort'>> {
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
