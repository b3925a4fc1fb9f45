import { expect, test } from 'vitest';

import { localHostOf, readBusListening, reachableHost } from './bus-listening.ts';

test('on this machine alone NATS asks for nothing and speaks plainly, unless told otherwise', () => {
  expect(readBusListening({})).toEqual({
    ...{ host: '127.0.0.1', isLocal: true, isTls: false, isOpen: true },
  });
  expect(readBusListening({ NATS_AUTH: 'required', NATS_TLS: 'on' })).toMatchObject({
    ...{ isTls: true, isOpen: false },
  });
});

test.each(['0.0.0.0', '::', '*', '192.168.1.7', 'monitor.example.org', '127.0.0.2'])(
  'at %s it asks for credentials and speaks TLS',
  (host) => {
    const expected = { host, isLocal: false, isTls: true, isOpen: false };
    expect(readBusListening({ NATS_HOST: host })).toEqual(expected);
    expect(readBusListening({ NATS_HOST: host, NATS_TLS: 'off' }).isTls).toBe(false);
    expect(() => readBusListening({ NATS_HOST: host, NATS_AUTH: 'local' })).toThrow(
      /let anybody in/,
    );
  },
);

test('a word that means nothing is refused instead of taken for one that opens', () => {
  expect(() => readBusListening({ NATS_AUTH: 'yes' })).toThrow(/NATS_AUTH is "yes"/);
  expect(() => readBusListening({ NATS_TLS: 'true' })).toThrow(/NATS_TLS is "true"/);
});

test('other machines reach it where it is said, else where it listens, else not', () => {
  const at = (host: string) => readBusListening({ NATS_HOST: host });
  expect(reachableHost({}, readBusListening({}))).toBeUndefined();
  expect(reachableHost({}, at('10.0.0.7'))).toBe('10.0.0.7');
  expect(reachableHost({ NATS_ADVERTISE: 'm.example.org' }, at('0.0.0.0'))).toBe('m.example.org');
  expect(localHostOf(at('0.0.0.0'))).toBe('127.0.0.1');
  expect(localHostOf(at('10.0.0.7'))).toBe('10.0.0.7');
});
