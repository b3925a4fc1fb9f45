import { ConfigError } from '@llm-monitor/runtime';
import { expect, test } from 'vitest';

import { callerIdentity } from './caller-identity.ts';
import { readCallerMap } from './caller-map.ts';

const CALLERS = readCallerMap(
  JSON.stringify({
    keys: { 'sk-1': 'billing' },
    addresses: { '10.0.0.0/8': 'lan', '10.0.0.7': 'one', 'fd00::/8': 'six' },
  }),
);

test.each([
  ['10.0.0.7', 'one'],
  ['::ffff:10.0.0.7', 'one'],
  ['10.9.9.9', 'lan'],
  ['fd12::1', 'six'],
  ['192.168.0.1', undefined],
  ['', undefined],
])('the narrowest range that holds %s names it', (address, app) => {
  expect(CALLERS.byAddress(address)).toBe(app);
});

test.each([
  [{ 'x-llm-monitor-app': 'own', authorization: 'Bearer sk-1' }, 'own'],
  [{ 'x-llm-monitor-app': encodeURIComponent('città 100%') }, 'città 100%'],
  [{ 'x-llm-monitor-app': '100% mine' }, '100% mine'],
  [{ authorization: 'bearer sk-1', 'user-agent': 'curl/8' }, 'billing'],
  [{ 'user-agent': 'ollama-python/0.4.7 (x86_64 linux) Python/3.12' }, 'ollama-python'],
  [{}, 'unknown'],
])('headers %j name %s', (headers, app) => {
  expect(callerIdentity({ headers, address: '192.168.0.1' }, CALLERS)).toEqual({ app });
});

test('a mistake in the map is told without its keys', () => {
  const read = () => readCallerMap('{"keys":{"sk-secret":5}}');
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/name of an app/);
  expect(read).not.toThrow(/sk-secret/);
  expect(() => readCallerMap('{"key":{}}')).toThrow(/unknown field "key"/);
  expect(() => readCallerMap('{"addresses":{"10.0.0.0/99":"x"}}')).toThrow(/no address/);
});

test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8x', '10.0.0.0/x8', 'fd00::/129', 'lan', '/8'])(
  'the range "%s" is a mistake',
  (range) => {
    expect(() => readCallerMap(JSON.stringify({ addresses: { [range]: 'x' } }))).toThrow(
      `"${range}" is no address`,
    );
  },
);

test('a range may be all addresses of a kind, or one of them', () => {
  const callers = readCallerMap(
    JSON.stringify({ addresses: { '0.0.0.0/0': 'four', '::/0': 'six', 'fd00::1/128': 'one' } }),
  );
  expect(['9.9.9.9', '2001:db8::1', 'fd00::1'].map(callers.byAddress)).toEqual([
    ...['four', 'six', 'one'],
  ]);
});

test.each([
  ...['[]', '{"keys":[]}', '{"keys":null}', '{"addresses":"10.0.0.7"}', '{"keys":{"sk-1":""}}'],
  ...[JSON.stringify({ keys: { 'sk-1': 'x'.repeat(257) } }), '{', '/no/such/file'],
])('a map that is %s is refused, and says how one is', (text) => {
  expect(() => readCallerMap(text)).toThrow(/like .*"keys"|JSON such as .*"keys"/);
});

test('no map names nobody, and the longest name is one', () => {
  expect(readCallerMap('').byAddress('10.0.0.7')).toBeUndefined();
  expect(readCallerMap(' {}').byKey('sk-1')).toBeUndefined();
  const name = 'x'.repeat(256);
  expect(readCallerMap(JSON.stringify({ keys: { k: name } })).byKey('k')).toBe(name);
});
