import { createServer } from 'node:net';

const FIRST = 12_000;
/** Above it outgoing connections take ports as they like. */
const LAST = 31_999;

/** Can this port be listened on? */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Does another program listen there? Not so where there is no such address, as on a machine without version 6. */
export function isPortTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE'));
    server.listen({ port, host, ipv6Only: true }, () => server.close(() => resolve(false)));
  });
}

/** Gives out ports, none twice. */
export interface PortPool {
  /** The wanted port when it is free, else any free one. */
  take(wanted?: number): Promise<number>;
  /** Keeps a port from being given out. */
  reserve(port: number): void;
}

export function createPortPool(random: () => number = Math.random): PortPool {
  const given = new Set<number>();
  const usable = async (port: number) => !given.has(port) && (await isPortFree(port));
  return {
    reserve: (port) => void given.add(port),
    async take(wanted) {
      let port = wanted;
      while (port === undefined || !(await usable(port))) {
        port = FIRST + Math.floor(random() * (LAST - FIRST));
      }
      given.add(port);
      return port;
    },
  };
}

/** Reads a port that a person typed: 1–65535. */
export function parsePort(text: string): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text.trim()) && port >= 1 && port <= 65_535 ? port : undefined;
}
