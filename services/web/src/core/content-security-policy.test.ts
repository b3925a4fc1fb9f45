import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { contentSecurityPolicy } from './content-security-policy.ts';

const hash = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

test('allows exactly the inline scripts of the page', () => {
  const theme = "\n  document.documentElement.dataset.theme = 'dark';\n";
  const html = `<script>${theme}</script><script type="module" src="/assets/a.js"></script>`;
  expect(contentSecurityPolicy(html)).toContain(`script-src 'self' ${hash(theme)};`);
});

test('allows none where the page has none', () => {
  expect(contentSecurityPolicy('<p>hello</p>')).toContain("script-src 'self';");
});
