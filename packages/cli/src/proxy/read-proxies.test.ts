import { expect, test } from 'vitest';

import { readProxies } from './read-proxies.ts';

test('further proxies are a list of ports and servers', () => {
  expect(readProxies(undefined)).toEqual([]);
  expect(readProxies('11436=http://127.0.0.1:8000, 0.0.0.0:11437=gpu:1234')).toEqual([
    { listen: { host: '127.0.0.1', port: 11_436 }, upstream: new URL('http://127.0.0.1:8000') },
    { listen: { host: '0.0.0.0', port: 11_437 }, upstream: new URL('http://gpu:1234') },
  ]);
  for (const wrong of ['11436', '=http://x', '99999=http://x', '11436=', 'a=b=c']) {
    expect(() => readProxies(wrong), wrong).toThrow('PROXIES has');
  }
});
