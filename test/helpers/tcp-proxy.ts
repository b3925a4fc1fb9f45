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
  /** Chunks leave in order, also when the delay gets shorter on the way, and by one timer: two of them may fire in either order. */
  const pass = (from: Socket, to: Socket, isLost: () => boolean) => {
    const waiting: { chunk: Buffer; dueMs: number }[] = [];
    let timer: NodeJS.Timeout | undefined;
    const send = () => {
      timer = undefined;
      const nowMs = performance.now();
      while (waiting[0] && waiting[0].dueMs <= nowMs) {
        const { chunk } = waiting.shift()!;
        if (to.writable) to.write(chunk);
      }
      if (waiting[0]) timer = setTimeout(send, Math.ceil(waiting[0].dueMs - nowMs));
    };
    from.on('data', (chunk: Buffer) => {
      if (isLost()) return;
      waiting.push({ chunk, dueMs: performance.now() + delayMs / 2 });
      if (!timer) send();
    });
    from.once('close', () => {
      clearTimeout(timer);
      to.destroy();
    });
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
