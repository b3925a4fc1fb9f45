import type { Socket } from 'node:net';

/** Tells exchanges at once when their client's connection is gone, also those whose answer still waits behind another. */
export interface ClientSockets {
  /** To be called for every connection; a second time does nothing. */
  follow(socket: Socket): void;
  /** `by` says who ended it. Returns what takes it back. */
  onGone(socket: Socket, then: (by: string) => void): () => void;
  /** Connections that are open. */
  count(): number;
  /** Exchanges that run. */
  busy(): number;
  /** Resets all, since this program ends. */
  resetAll(by: string): void;
}

export function createClientSockets(): ClientSockets {
  const open = new Map<Socket, Set<(by: string) => void>>();
  let busy = 0;
  let endedBy = 'client';
  return {
    count: () => open.size,
    busy: () => busy,
    follow(socket) {
      if (open.has(socket)) return;
      const listeners = new Set<(by: string) => void>();
      open.set(socket, listeners);
      socket.once('close', () => {
        open.delete(socket);
        busy -= listeners.size;
        for (const listener of listeners) listener(endedBy);
        listeners.clear();
      });
    },
    onGone(socket, then) {
      const listeners = open.get(socket);
      if (!listeners) {
        setImmediate(then, endedBy);
        return () => undefined;
      }
      listeners.add(then);
      busy += 1;
      return () => {
        if (listeners.delete(then)) busy -= 1;
      };
    },
    resetAll(by) {
      endedBy = by;
      for (const socket of open.keys()) socket.resetAndDestroy();
    },
  };
}
