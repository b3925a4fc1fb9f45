import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';

import { expect, test } from 'vitest';

import { readBusListening } from '../bus/bus-listening.ts';
import { claimNatsPort, claimWebPort, NO_PORTS } from './claim-ports.ts';
import { isPortTaken } from './ports.ts';

const claim = (env: Record<string, string>) =>
  claimNatsPort(env, readBusListening(env), NO_PORTS, './llm-monitor');

async function hold(host: string): Promise<[Server, port: number]> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, host, resolve));
  return [holder, (holder.address() as AddressInfo).port];
}

test('an address that is none of this machine is told from a port that is taken', async () => {
  // It is for documents.
  await expect(claim({ NATS_HOST: '203.0.113.7', NATS_PORT: '4222' })).rejects.toThrow(
    'NATS_HOST is "203.0.113.7", which is no address of this machine.',
  );
  const [holder, port] = await hold('127.0.0.1');
  await expect(claim({ NATS_PORT: String(port) })).rejects.toThrow(
    /where NATS would listen, is taken/,
  );
  await new Promise((resolve) => holder.close(resolve));
});

test('a port is taken where another program has it, and not where there is no such address', async () => {
  const [holder, port] = await hold('127.0.0.1');
  expect(await isPortTaken(port, '127.0.0.1')).toBe(true);
  expect(await isPortTaken(port, '203.0.113.7')).toBe(false);
  await new Promise((resolve) => holder.close(resolve));
});

test('the dashboard does not go where localhost is another program, by whichever version of IP', async () => {
  const hasSix = Object.values(networkInterfaces())
    .flat()
    .some((one) => one?.address === '::1');
  for (const host of ['127.0.0.1', ...(hasSix ? ['::1'] : [])]) {
    const [holder, port] = await hold(host);
    await expect(claimWebPort(port, NO_PORTS, './llm-monitor')).rejects.toThrow(/is taken/);
    expect(await claimWebPort(port, new Set([port]), './llm-monitor')).toBe(port);
    await new Promise((resolve) => holder.close(resolve));
    expect(await claimWebPort(port, NO_PORTS, './llm-monitor')).toBe(port);
  }
});
