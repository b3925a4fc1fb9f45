import { createServer, type AddressInfo } from 'node:net';

import { expect, test } from 'vitest';

import { readBusListening } from '../bus/bus-listening.ts';
import { claimNatsPort, NO_PORTS } from './claim-ports.ts';

const claim = (env: Record<string, string>) =>
  claimNatsPort(env, readBusListening(env), NO_PORTS, './llm-monitor');

test('an address that is none of this machine is told from a port that is taken', async () => {
  // 192.0.2.0/24 is for documents.
  for (const NATS_HOST of ['192.0.2.1', 'no-such-host.invalid']) {
    await expect(claim({ NATS_HOST, NATS_PORT: '4222' })).rejects.toThrow(
      `NATS_HOST is "${NATS_HOST}", which is no address of this machine.`,
    );
  }
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as AddressInfo;
  await expect(claim({ NATS_PORT: String(port) })).rejects.toThrow(
    /where NATS would listen, is taken/,
  );
  await new Promise((resolve) => holder.close(resolve));
});
