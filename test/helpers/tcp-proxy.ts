import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

import { freePort } from './free-port.ts';

/** A way to a server that a test can make bad. */
export interface TcpProxy {
  port: number;
  /** What is sent arrives so much later, each way by half. */
  setDelay(delayMs: number): void;
  /** While on, the server gets what it is sent, and its answers vanish. */
  swallowAnswers(isOn: boolean): void;
  /** Ends all connections at once. New ones are taken. */
  cut(): void;
  stop(): Promise<void>;
}

/** Passes connections on to a port of this machine. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let delayMs = 0;
  let isSwallowing = false;

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  };
  /** Chunks leave in order, also when the delay gets shorter on the way. */
  const pass = (from: Socket, to: Socket, isLost: () => boolean) => {
    let lastDueMs = 0;
    from.on('data', (chunk) => {
      if (isLost()) return;
      const nowMs = performance.now();
      const dueMs = Math.max(lastDueMs, nowMs + delayMs / 2);
      lastDueMs = dueMs;
      if (dueMs <= nowMs) to.write(chunk);
      else setTimeout(() => to.writable && to.write(chunk), Math.ceil(dueMs - nowMs));
    });
    from.once('close', () => to.destroy());
  };

  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    keep(client);
    keep(upstream);
    pass(client, upstream, () => false);
    pass(upstream, client, () => isSwallowing);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    setDelay: (ms) => void (delayMs = ms),
    swallowAnswers: (isOn) => void (isSwallowing = isOn),
    cut,
    async stop() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
