import { describe, expect, test } from 'vitest';

import { isThisMachine, placeOfCall, type ServerPlace, type ThisMachine } from './server-place.ts';

const machine: ThisMachine = {
  names: new Set(['gpu-box']),
  addresses: new Set(['192.168.1.7', 'fe80::7']),
};
const local: ServerPlace = { hostname: '127.0.0.1', port: 11434, proxyPorts: [11435] };
const remote: ServerPlace = { hostname: 'ollama', port: 11434, proxyPorts: [11435] };

describe('a call runs on the server of this machine', () => {
  test.each([
    ['over the loopback of this machine', { host: 'gpu-box', serverAddress: '127.0.0.1' }],
    ['over localhost', { host: 'GPU-box', serverAddress: 'localhost' }],
    ['over an address of this machine', { host: 'laptop', serverAddress: '192.168.1.7' }],
    ['over its name', { host: 'laptop', serverAddress: 'gpu-box.lan' }],
  ])('%s', (_, call) => {
    expect(placeOfCall({ ...call, serverPort: 11434 }, local, machine)).toBe('here');
    expect(placeOfCall({ ...call, serverPort: 11435 }, local, machine)).toBe('here');
    expect(placeOfCall({ ...call, serverPort: 8000 }, local, machine)).toBe('elsewhere');
  });

  test('not over the loopback of another', () => {
    const call = { host: 'laptop', serverAddress: '127.0.0.1', serverPort: 11434 };
    expect(placeOfCall(call, local, machine)).toBe('elsewhere');
  });

  test('perhaps, under a name that nobody here knows', () => {
    const call = { host: 'laptop', serverAddress: 'llm.example.org', serverPort: 11434 };
    expect(placeOfCall(call, local, machine)).toBe('maybe');
    expect(placeOfCall({ ...call, serverAddress: undefined }, local, machine)).toBe('maybe');
  });
});

describe('a call of a server that is not on this machine', () => {
  test('is its own under the name by which the agent calls it, and through the proxy', () => {
    const call = { host: 'app', serverAddress: 'ollama', serverPort: 11434 };
    expect(placeOfCall(call, remote, machine)).toBe('here');
    const proxied = { host: 'gpu-box', serverAddress: '127.0.0.1', serverPort: 11435 };
    expect(placeOfCall(proxied, remote, machine)).toBe('here');
  });

  test('is not one of this machine’s own port', () => {
    const call = { host: 'gpu-box', serverAddress: '127.0.0.1', serverPort: 11434 };
    expect(placeOfCall(call, remote, machine)).toBe('elsewhere');
  });
});

test('a name with a domain is this machine, an address that begins alike is not', () => {
  expect(isThisMachine('gpu-box.lan', machine)).toBe(true);
  expect(isThisMachine('[::1]', machine)).toBe(true);
  expect(isThisMachine('192.168.1.70', machine)).toBe(false);
});
