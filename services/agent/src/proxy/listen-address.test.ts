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

test('any port may be listened on up to the last one, and a free one more than once', () => {
  expect(read('65535')).toHaveLength(1);
  expect(() => read('65536')).toThrow(/port/);
  expect(read('0', '0=http://127.0.0.1:8000')).toHaveLength(2);
  expect(() => read('11436', '11436=http://127.0.0.1:8000')).toThrow(/on port 11436/);
});

test.each([
  '11436',
  '11436=',
  '11436= ',
  '11436=ftp://x',
  '=http://127.0.0.1:8000',
  'x=localhost:1',
])('a proxy "%s" is a mistake, which is shown', (entry) => {
  expect(() => read('off', entry)).toThrow(/PROXIES must/);
  expect(() => read('off', entry)).not.toThrow(/, or off/);
});

test('where there may be no proxy at all it is said how to have none', () => {
  expect(() => read('nowhere')).toThrow(/, or off \(it has "nowhere"\)/);
});

test('no proxy is its own upstream, nor that of another', () => {
  expect(() => read('11435', '', 'http://localhost:11435')).toThrow(/to itself/);
  expect(() => read('0.0.0.0:11435', '', 'http://127.0.0.1:11435')).toThrow(/to itself/);
  expect(() => read('11435', '11436=http://127.0.0.1:11435')).toThrow(/to itself/);
  expect(() => read('[::1]:11435', '', 'http://localhost:11435')).toThrow(/to itself/);
  expect(() => read('10.0.0.1:11435', '', 'http://10.0.0.1:11435')).toThrow(/to itself/);
  expect(() => read('443', '', 'https://localhost')).toThrow(/to itself/);
  expect(read('443', '', 'http://localhost:8080')).toHaveLength(1);
  expect(() => read('80', '', 'http://localhost:80')).toThrow(/to itself/);
  expect(read('11435', '', 'http://192.168.0.9:11435')).toHaveLength(1);
});
