// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';

import { readAccess } from './access.ts';
import { createOwnFetch, leave } from './own-fetch.ts';

afterEach(() => {
  delete document.documentElement.dataset['base'];
  document.cookie = 'llm-monitor-csrf=; Max-Age=0';
});

/** A window whose server answers with this status, and what it was asked. */
function aWindow(status: number) {
  const asked: { path: string; csrf: string | null }[] = [];
  const went: string[] = [];
  const fake = {
    location: {
      ...{ pathname: '/m/models', search: '?req=1' },
      assign: (url: string) => went.push(url),
    },
    fetch: (path: string, init: RequestInit) => {
      asked.push({ path, csrf: new Headers(init.headers).get('x-llm-monitor-csrf') });
      return Promise.resolve(new Response('{}', { status }));
    },
  };
  return { window: fake as unknown as Window & typeof globalThis, asked, went };
}

test('who logged in is read from the cookie, and nothing else is taken for it', () => {
  const of = (cookies: string) => readAccess(cookies);
  expect(of('a=b; llm-monitor-csrf=viewer.abc-_1')).toEqual({
    role: 'viewer',
    csrfToken: 'abc-_1',
  });
  expect(of('llm-monitor-csrf=admin.abc')).toBeNull();
  expect(of('xllm-monitor-csrf=viewer.abc')).toBeNull();
  expect(of('')).toBeNull();
});

test('what changes something carries the proof, and what reads does not', async () => {
  document.cookie = 'llm-monitor-csrf=operator.proof';
  document.documentElement.dataset['base'] = '/m';
  const { window, asked } = aWindow(200);
  const ask = createOwnFetch(window);
  await ask('/api/status');
  await ask('/api/requests/1/cancel', { method: 'POST' });
  expect(asked).toEqual([
    { path: '/m/api/status', csrf: null },
    { path: '/m/api/requests/1/cancel', csrf: 'proof' },
  ]);
});

test('who is not known any more is led to the login, and back from there', async () => {
  document.documentElement.dataset['base'] = '/m';
  const { window, went } = aWindow(401);
  await createOwnFetch(window)('/login/session');
  expect(went).toEqual(['/m/login?next=%2Fmodels%3Freq%3D1']);
});

test('who may not is not led to the login: it would not help', async () => {
  const { window, went } = aWindow(403);
  await createOwnFetch(window)('/api/status');
  expect(went).toEqual([]);
});

test('who logs out is led to where that is said, whatever is refused on the way', async () => {
  const { window, went } = aWindow(401);
  leave();
  await createOwnFetch(window)('/login/session');
  expect(went).toEqual([]);
});
