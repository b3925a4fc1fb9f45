import { createServer } from 'node:net';

/** Below the ephemeral range, so that no outgoing connection takes a port between its choice and its use. */
const FIRST = 12_000;
const LAST = 31_999;
/** Test files that run at the same time choose from parts of their own: what one leaves free for a while, another must not take. */
const PARTS = 8;
const PART_SIZE = Math.floor((LAST - FIRST + 1) / PARTS);
const part = Number(process.env['VITEST_POOL_ID'] ?? 0) % PARTS;

/** What was given once stays with whoever got it: its server may be down just now. */
const given = new Set<number>();

/** A port on 127.0.0.1 that nothing listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + part * PART_SIZE + Math.floor(Math.random() * PART_SIZE);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
