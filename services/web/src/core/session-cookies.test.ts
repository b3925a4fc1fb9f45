import { expect, test } from 'vitest';

import { csrfTokenOf, endCookies, sessionIdOf, startCookies } from './session-cookies.ts';

const id = 'a'.repeat(43);
const plain = { basePath: '', isSecure: false };

test('the session is found among other cookies, and nothing else is taken for one', () => {
  expect(sessionIdOf(`a=b; llm-monitor-session=${id}; c=d`)).toBe(id);
  expect(sessionIdOf(`llm-monitor-session=${id}x`)).toBeUndefined();
  expect(sessionIdOf(`llm-monitor-session=../../x`)).toBeUndefined();
  expect(sessionIdOf(`xllm-monitor-session=${id}`)).toBeUndefined();
  expect(sessionIdOf(undefined)).toBeUndefined();
});

test('no script reads the session, no foreign page sends it, and no plain line carries it where there is TLS', () => {
  const [session, csrf] = startCookies(id, 'viewer', { basePath: '/llm-monitor', isSecure: true });
  expect(session).toMatch(
    /^llm-monitor-session=a{43}; HttpOnly; SameSite=Strict; Path=\/llm-monitor; Secure; Max-Age=\d+$/,
  );
  expect(csrf).not.toContain('HttpOnly');
  expect(csrf).toContain(`llm-monitor-csrf=viewer.${csrfTokenOf(id)};`);
  expect(csrf).not.toContain(id);
  expect(startCookies(id, 'viewer', plain)[0]).not.toContain('Secure');
});

test('both cookies go together', () => {
  expect(endCookies(plain)).toHaveLength(2);
  for (const cookie of endCookies(plain)) expect(cookie).toContain('Path=/; Max-Age=0');
});
