import { expect, test } from 'vitest';

import { readProxyRoutes } from './listen-address.ts';

const read = (listen: string, proxies = '', ollamaUrl = 'http://127.0.0.1:11434') =>
  readProxyRoutes({ listen, proxies, ollamaUrl }).map(
    ({ host, port, upstream }) => `${host} ${port} ${upstream.href}`,
  );

test('addresses to listen on have a port, and a host when they say so', () => {
  expect(read('11435')).toEqual(['127.0.0.1 11435 http://127.0.0.1:11434/']);
  expect(read('[::1]:11435')).toEqual(['::1 11435 http://127.0.0.1:11434/']);
  expect(read('off', ' 11436=http://127.0.0.1:8000/base, 0.0.0.0:11437=localhost:1234,')).toEqual([
    '127.0.0.1 11436 http://127.0.0.1:8000/base',
    '0.0.0.0 11437 http://localhost:1234/',
  ]);
});

test.each(['', ':', 'host', '127.0.0.1', '1:2:3', '70000', 'http://127.0.0.1:11435'])(
  'to listen on "%s" is a mistake',
  (listen) => {
    expect(() => read(listen)).toThrow(/PROXY_LISTEN must name a port/);
  },
);

test('no proxy is its own upstream, nor that of another', () => {
  expect(() => read('11435', '', 'http://localhost:11435')).toThrow(/to itself/);
  expect(() => read('0.0.0.0:11435', '', 'http://127.0.0.1:11435')).toThrow(/to itself/);
  expect(() => read('11435', '11436=http://127.0.0.1:11435')).toThrow(/to itself/);
  expect(read('11435', '', 'http://192.168.0.9:11435')).toHaveLength(1);
});
