import { expect, test } from 'vitest';

import type { Logger } from './logger.ts';
import {
  announceAccess,
  hasRole,
  readAccessTokens,
  roleNeeded,
  roleOfToken,
  tokenOf,
} from './roles.ts';

const both = { operator: 'the-operator', viewer: 'the-viewer' };

test('each token stands for its role, and any other one for none', () => {
  expect(roleOfToken('the-operator', both)).toBe('operator');
  expect(roleOfToken('the-viewer', both)).toBe('viewer');
  expect(roleOfToken('the-operato', both)).toBeUndefined();
  expect(roleOfToken('', both)).toBeUndefined();
  expect(roleOfToken(undefined, both)).toBeUndefined();
});

test('without tokens everyone is an operator; with a viewer token alone nobody is', () => {
  expect(roleOfToken(undefined, { operator: '', viewer: '' })).toBe('operator');
  const lookOnly = { operator: '', viewer: 'the-viewer' };
  expect(roleOfToken(undefined, lookOnly)).toBeUndefined();
  expect(roleOfToken('', lookOnly)).toBeUndefined();
  expect(roleOfToken('the-viewer', lookOnly)).toBe('viewer');
});

test('an empty viewer token lets nobody in as a viewer', () => {
  expect(roleOfToken('', { operator: 'x', viewer: '' })).toBeUndefined();
});

test('a token comes as bearer, or as the password that curl sends', () => {
  expect(tokenOf('Bearer abc')).toBe('abc');
  expect(tokenOf('bearer abc')).toBe('abc');
  expect(tokenOf(`Basic ${Buffer.from('me:a:b').toString('base64')}`)).toBe('a:b');
  expect(tokenOf('Digest abc')).toBeUndefined();
  expect(tokenOf(undefined)).toBeUndefined();
});

test('whatever is not a mere look needs an operator', () => {
  expect(['GET', 'HEAD', 'OPTIONS'].map(roleNeeded)).toEqual(['viewer', 'viewer', 'viewer']);
  expect(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'].map(roleNeeded)).toEqual(
    Array(5).fill('operator'),
  );
  expect(hasRole('viewer', 'operator')).toBe(false);
  expect(hasRole('operator', 'viewer')).toBe(true);
  expect(hasRole('operator', 'operator')).toBe(true);
  expect(hasRole('viewer', 'viewer')).toBe(true);
});

test('one secret for both roles is a mistake that is named', () => {
  const same = { LLM_MONITOR_TOKEN: 'same', LLM_MONITOR_VIEWER_TOKEN: 'same' };
  expect(() => readAccessTokens(same)).toThrow(/are the same/);
});

test.each([
  ['', ''],
  ['a', ''],
  ['', 'b'],
  ['a', 'b'],
])('secrets "%s" and "%s" are none', (operator, viewer) => {
  const config = { LLM_MONITOR_TOKEN: operator, LLM_MONITOR_VIEWER_TOKEN: viewer };
  expect(readAccessTokens(config)).toEqual({ operator, viewer });
});

test.each([
  ['', '', 0],
  ['a', '', 0],
  ['a', 'b', 0],
  ['', 'b', 1],
])(
  'with "%s" and "%s" it is said that nobody may change anything, %i times',
  (operator, viewer, times) => {
    const said: string[] = [];
    const log = { warn: (text: string) => void said.push(text) } as unknown as Logger;
    announceAccess({ operator, viewer }, log);
    expect(said).toHaveLength(times);
  },
);
