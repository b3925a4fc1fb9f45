import { describe, expect, test } from 'vitest';

import { addressOf, PAGES, routeOf, withRequest } from './route.ts';

const at = (path: string) => routeOf(new URL(path, 'http://127.0.0.1:8080'));

describe('the address', () => {
  test.each(['/', '/index.html'])('%s is the live page', (path) => {
    expect(at(path)).toEqual({
      ...{ page: 'live', item: null, demo: false, request: null, filter: '' },
    });
  });

  test('of a page is read back as that page, whatever else it says', () => {
    for (const page of PAGES) {
      const filter = page === 'history' ? 'q=why&status=failed%2Ctimeout' : '';
      const item = page === 'models' ? 'hf.co/library/llama3:8b' : null;
      const route = { page, item, demo: true, request: 'request-1', filter };
      expect(at(addressOf(page, route))).toEqual(route);
    }
  });

  test.each(['.', '..', '...', '.hidden', 'a.b', '%2', 'a/../b'])(
    'of a model that is called %s is the page of that model',
    (item) => {
      expect(at(addressOf('models', { item }))).toMatchObject({ page: 'models', item });
    },
  );

  test('may end in a slash', () => {
    expect(at('/hosts/').page).toBe('hosts');
  });

  test('shows demo traffic only when it says so', () => {
    expect(at('/?demo=true').demo).toBe(true);
    expect(at('/?demo=1').demo).toBe(true);
    expect(at('/?demo').demo).toBe(true);
    expect(at('/?demo=false').demo).toBe(false);
  });

  test('has two moments as from and to, or as one range with a comma', () => {
    expect(at('/?range=2026-05-10,2026-05-11T12:00Z').filter).toBe(
      'from=2026-05-10&to=2026-05-11T12%3A00Z',
    );
    expect(at('/history?q=a&range=2026-05-10,').filter).toBe('q=a&from=2026-05-10');
  });

  test('of nothing known is not found', () => {
    expect(at('/hosts/nowhere').page).toBe('not-found');
  });

  test('names the call whose drawer is open, on any page, and loses it again', () => {
    const route = at('/models?demo=true');
    expect(withRequest(route, 'request-1')).toBe('/models?demo=true&req=request-1');
    expect(withRequest(at('/models?req=request-1'), null)).toBe('/models');
  });

  test('keeps what the history is narrowed by, in one order, and nothing else', () => {
    const route = at('/history?status=failed&odd=1&q=a+b&app=&range=1h');
    expect(route.filter).toBe('q=a+b&status=failed&range=1h');
    expect(withRequest(route, 'x')).toBe('/history?q=a+b&status=failed&range=1h&req=x');
    expect(addressOf('live', route)).toBe('/?range=1h');
    expect(addressOf('apps', { ...route, item: 'a/b' })).toBe('/apps/a%2Fb?range=1h');
    expect(addressOf('settings', route)).toBe('/settings');
  });
});
