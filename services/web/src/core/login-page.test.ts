import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { LOGIN_CONTENT_SECURITY_POLICY, loginPage, signedInPage } from './login-page.ts';
import { loginTexts } from './login-texts.ts';

const texts = loginTexts(undefined);

test.each([
  ['it-IT,it;q=0.9,en;q=0.8', 'it'],
  ['en-GB,en;q=0.9,it;q=0.8', 'en'],
  ['de-DE,it;q=0.5,en;q=0.3', 'it'],
  ['it;q=0,en', 'en'],
  ['de', 'en'],
  ['', 'en'],
])('Accept-Language %j is answered in %s', (header, language) =>
  expect(loginTexts(header).language).toBe(language),
);

test('where to go on to stands in the page as text, whatever it holds', () => {
  const page = loginPage({ texts, basePath: '/m', next: '/"><script>alert(1)</script>' });
  expect(page).not.toContain('<script');
  expect(page).toContain('value="/&quot;&gt;&lt;script&gt;');
  expect(page).toContain('action="/m/login"');
});

test('the policy of the page lets its style in, and no script', () => {
  const [, style = ''] =
    /<style>([^]*)<\/style>/.exec(
      signedInPage({ texts, basePath: '', next: '/', role: 'viewer' }),
    ) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(LOGIN_CONTENT_SECURITY_POLICY).toContain(`style-src 'sha256-${hash}'`);
  expect(LOGIN_CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
});
