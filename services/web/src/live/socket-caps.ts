import type { IncomingMessage } from 'node:http';

import type { Server } from 'socket.io';

interface Caps {
  maxSockets: number;
  maxSocketsPerAddress: number;
  addressOf(request: IncomingMessage): string;
}

/** Counts open sockets, in all and by address, and says why one more is too many. */
export function createSocketCaps(
  io: Server,
  { maxSockets, maxSocketsPerAddress, addressOf }: Caps,
): { refuse(request: IncomingMessage): string | undefined } {
  const counts = new Map<string, number>();
  const count = (address: string, by: number) => {
    const next = (counts.get(address) ?? 0) + by;
    if (next > 0) counts.set(address, next);
    else counts.delete(address);
    return next;
  };
  io.engine.on(
    'connection',
    (socket: {
      request: IncomingMessage;
      close(): void;
      once(e: 'close', f: () => void): void;
    }) => {
      const address = addressOf(socket.request);
      // Several may have been let in at the same moment.
      const isTooMany =
        count(address, 1) > maxSocketsPerAddress || io.engine.clientsCount > maxSockets;
      socket.once('close', () => count(address, -1));
      if (isTooMany) socket.close();
    },
  );
  return {
    refuse(request) {
      if (io.engine.clientsCount >= maxSockets) return 'Too many dashboards';
      const own = counts.get(addressOf(request)) ?? 0;
      return own >= maxSocketsPerAddress ? 'Too many dashboards of this address' : undefined;
    },
  };
}
