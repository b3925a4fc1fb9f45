import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { createPortPool, isPortFree, parsePort } from './ports.ts';

describe('ports', () => {
  const server = createServer();
  const listen = () =>
    new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('are not free while somebody listens, and another is given instead', async () => {
    const taken = await listen();
    expect(await isPortFree(taken)).toBe(false);
    expect(await createPortPool().take(taken)).not.toBe(taken);
  });

  it('are given out once', async () => {
    await listen();
    const pool = createPortPool();
    const first = await pool.take();
    expect(await pool.take(first)).not.toBe(first);
  });
});

describe('parsePort', () => {
  it.each(['0', '65536', '-1', '80a', '', '1e3', '8080.5'])('refuses "%s"', (text) => {
    expect(parsePort(text)).toBeUndefined();
  });

  it('reads a port', () => {
    expect(parsePort('8090')).toBe(8090);
  });
});
