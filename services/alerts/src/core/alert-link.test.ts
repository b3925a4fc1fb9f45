import { expect, test } from 'vitest';

import { alertLink } from './alert-link.ts';

const AT = Date.UTC(2026, 0, 15, 12);

test.each([
  [{ model: 'a/b:1', app: 'shop' }, '/models/a%2Fb%3A1'],
  [{ app: 'my shop', host: 'box' }, '/apps/my%20shop'],
  [{ host: 'box' }, '/hosts'],
  [{}, '/'],
])('an alert of %o leads to %s, and the minute before it', (of, path) => {
  const minute = 'from=2026-01-15T11%3A59%3A00.000Z&to=2026-01-15T12%3A00%3A00.000Z';
  expect(alertLink(of, AT)).toBe(`${path}?${minute}`);
});

test('an alert of a bot leads to the bots, and names it', () => {
  expect(alertLink({ bot: 'my bot' }, AT)).toMatch(/^\/bots\?from=.*&to=.*&bot=my\+bot$/);
});
