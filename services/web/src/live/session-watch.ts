import type { Socket } from 'socket.io';

import type { SessionStore } from '../adapters/session-store.ts';

const CHECK_EVERY_MS = 5000;

/** Closes the sockets of sessions that ended, wherever they were ended: by logging out, by age, by another token. */
export interface SessionWatch {
  add(socket: Socket, sessionId: string): void;
  /** This session ended here and now. */
  ended(sessionId: string): void;
  stop(): void;
}

export function createSessionWatch(sessions: SessionStore): SessionWatch {
  const open = new Map<string, Set<Socket>>();
  const ended = (sessionId: string) => {
    for (const socket of open.get(sessionId) ?? []) socket.disconnect(true);
  };
  const check = async () => {
    for (const sessionId of open.keys()) {
      // While Redis is away nobody is known to have ended.
      const role = await sessions.read(sessionId).catch(() => 'unknown');
      if (role === undefined) ended(sessionId);
    }
  };
  let isIdle = true;
  const timer = setInterval(() => {
    if (!isIdle) return;
    isIdle = false;
    void check().finally(() => {
      isIdle = true;
    });
  }, CHECK_EVERY_MS);
  return {
    add(socket, sessionId) {
      const sockets = open.get(sessionId) ?? new Set();
      open.set(sessionId, sockets.add(socket));
      socket.once('disconnect', () => {
        sockets.delete(socket);
        if (sockets.size === 0 && open.get(sessionId) === sockets) open.delete(sessionId);
      });
    },
    ended,
    stop: () => clearInterval(timer),
  };
}
