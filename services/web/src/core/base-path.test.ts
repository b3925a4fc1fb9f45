import { expect, test } from 'vitest';

import { toBasePath, withoutBasePath } from './base-path.ts';

test('a slash at the end changes nothing', () => {
  expect([toBasePath('/m/'), toBasePath('/m'), toBasePath('/'), toBasePath('')]).toEqual([
    ...['/m', '/m', '', ''],
  ]);
});

test.each([
  ['/m', '/'],
  ['/m?req=1', '/?req=1'],
  ['/m/', '/'],
  ['/m/api/status?x=/m/', '/api/status?x=/m/'],
  ['/model', '/model'],
  ['/api/status', '/api/status'],
])('%s is %s below /m', (url, below) => expect(withoutBasePath(url, '/m')).toBe(below));
