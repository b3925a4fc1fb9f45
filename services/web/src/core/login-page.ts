import { createHash } from 'node:crypto';

import type { Role } from '@llm-monitor/runtime';

import type { LoginTexts } from './login-texts.ts';

const STYLE = `
:root { color-scheme: light dark; --page: #f4f5f7; --card: #fff; --text: #161b22; --soft: #5a6470; --edge: #e2e5ea; --line: #8c959f; --accent: #0068a3; --on: #fff; --bad: #b84700; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1015; --card: #14181f; --text: #e4e8ee; --soft: #98a2af; --edge: #232932; --line: #6b7684; --accent: #56b4e9; --on: #0d1015; --bad: #f0803c; } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 26rem; padding: 24px; border-radius: 8px; background: var(--card); border: 1px solid var(--edge) }
h1 { display: flex; align-items: center; gap: 10px; margin: 0; font-size: 1.25rem } svg { flex: none; width: 28px; fill: #0f2a3d } path { fill: none; stroke: #56b4e9; stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round } p { margin: 8px 0 16px; color: var(--soft) } p[role] { color: var(--bad); font-weight: 600 }
label { display: block; font-weight: 600; margin-bottom: 4px }
input, button, a.button { display: block; width: 100%; min-height: 44px; border-radius: 6px; font: inherit }
input { padding: 0 12px; border: 1px solid var(--line); background: var(--page); color: var(--text) }
button, a.button { margin-top: 16px; border: 0; background: var(--accent); color: var(--on); font-weight: 600; cursor: pointer; text-align: center; line-height: 44px; text-decoration: none }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
`;

const MARK =
  '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7"/><path d="M5 17h5l3-8 5 15 4-11 2 4h3"/></svg>';

/** Nothing but this style; where it is sent to is this site. */
export const LOGIN_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

interface LoginPage {
  texts: LoginTexts;
  /** Below which the monitor is served; empty for the root. */
  basePath: string;
  /** where to go on to */
  next: string;
  /** what went wrong, or what was done */
  message?: string;
}

/** The page that asks for the token. It needs no script. */
export function loginPage({ texts, basePath, next, message }: LoginPage): string {
  return page(
    texts,
    `${message ? `<p role="alert" id="message">${escapeHtml(message)}</p>` : ''}
<form method="post" action="${escapeHtml(basePath)}/login">
<p id="explain">${escapeHtml(texts.explain)}</p>
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="token">${texts.token}</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus maxlength="1000" aria-describedby="explain${message ? ' message' : ''}">
<button>${texts.submit}</button>
</form>`,
  );
}

/** For who is logged in already. */
export function signedInPage(options: Omit<LoginPage, 'message'> & { role: Role }): string {
  const { texts, basePath, next, role } = options;
  return page(
    texts,
    `<p>${escapeHtml(texts.signedInAs[role])}</p>
<a class="button" href="${escapeHtml(basePath + next)}">${texts.goOn}</a>
<form method="post" action="${escapeHtml(basePath)}/logout"><button>${texts.signOut}</button></form>`,
  );
}

function page(texts: LoginTexts, content: string): string {
  return `<!doctype html>
<html lang="${texts.language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${texts.title} · LLM Monitor</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><h1>${MARK}LLM Monitor</h1>
${content}
</main></body></html>
`;
}

/** Loads the address once more, this time from a page of this site: a link from elsewhere brings no SameSite=Strict cookie. */
export const AGAIN_PAGE =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>LLM Monitor</title></html>\n';

function escapeHtml(text: string): string {
  const names: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text.replace(/[&<>"]/g, (sign) => `&${names[sign] ?? ''};`);
}
