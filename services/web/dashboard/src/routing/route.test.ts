import { expect, test } from 'vitest';

import { routeOf } from './route.ts';

const at = (path: string) => routeOf(new URL(path, 'http://localhost:8080'));

test('the root is the live view of real traffic', () => {
  expect(at('/')).toEqual({ page: 'live', demo: false });
});

test('only demo=true shows the demo', () => {
  expect(at('/?demo=true').demo).toBe(true);
  expect(at('/?demo=false').demo).toBe(false);
  expect(at('/?demo').demo).toBe(false);
});

test('an unknown address is told so', () => {
  expect(at('/nowhere').page).toBe('not-found');
});
