import type { Socket } from 'node:net';

/** How a connection ended: in good order (FIN), or not (RST). */
export type Cut = 'closed' | 'reset';

/** How the other side cut its connection. */
export function cutOf(socket: Socket | null | undefined): Cut {
  return socket?.errored ? 'reset' : 'closed';
}

/** Ends a client's connection as its server did, after all that came before. Never looks like the end of a whole answer. */
export function cutClient(socket: Socket, cut: Cut): void {
  const end = () => {
    if (cut === 'reset') socket.resetAndDestroy();
    else socket.destroy();
  };
  if (socket.destroyed || !socket.writable) end();
  // What is queued is corked until the end of this turn.
  else setImmediate(() => (socket.writableLength === 0 ? end() : socket.write('', end)));
}
