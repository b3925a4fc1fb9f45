import { expect, test } from 'vitest';

import { assertSafeToListen, isFromForeignPage, parseAllowedHosts } from './access.ts';

const allowed = parseAllowedHosts('monitor.example');
const host = 'localhost:8080';

test('programs that are no browser are no foreign page', () => {
  expect(isFromForeignPage({ host }, allowed)).toBe(false);
});

test.each(['http://evil.example', 'null', 'http://localhost:3000', 'file://', ''])(
  'a page of %s is foreign',
  (origin) => expect(isFromForeignPage({ host, origin }, allowed)).toBe(true),
);

test('our own page is not, under the name that it was asked by, or that a proxy serves it by', () => {
  expect(isFromForeignPage({ host, origin: 'http://localhost:8080' }, allowed)).toBe(false);
  expect(isFromForeignPage({ host, origin: 'https://monitor.example' }, allowed)).toBe(false);
});

test('a page that was asked for by a name that is not ours is foreign to itself', () => {
  const rebound = { host: 'evil.example', origin: 'http://evil.example' };
  expect(isFromForeignPage(rebound, allowed)).toBe(true);
});

test('what a browser says of the site counts where it says it', () => {
  const origin = 'http://localhost:8080';
  const from = (site: string) =>
    isFromForeignPage({ host, origin, 'sec-fetch-site': site }, allowed);
  expect(['same-origin', 'none'].map(from)).toEqual([false, false]);
  expect(['same-site', 'cross-site'].map(from)).toEqual([true, true]);
});

test('beyond this machine it listens with a token only, of whichever role', () => {
  const open = { HOST: '0.0.0.0', LLM_MONITOR_TOKEN: '', LLM_MONITOR_IN_CONTAINER: false };
  expect(() => assertSafeToListen(open)).toThrow(/LLM_MONITOR_TOKEN/);
  expect(() => assertSafeToListen({ ...open, LLM_MONITOR_VIEWER_TOKEN: 'x' })).not.toThrow();
  expect(() => assertSafeToListen({ ...open, LLM_MONITOR_IN_CONTAINER: true })).not.toThrow();
});
