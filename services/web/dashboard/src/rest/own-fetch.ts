import { textsOf } from '../i18n/i18n.ts';
import { basePath } from '../routing/base-path.ts';
import { readAccess } from './access.ts';

let isLeaving = false;

/** A page is coming that says so. What is refused meanwhile must not lead elsewhere. */
export function leave(): void {
  isLeaving = true;
}

/**
 * Asks the server of this page: below its path, with the proof that a page of ours asks; who is not known any more logs in again.
 * That nobody answered is said in the page's language: browsers say it in English, each in its own words.
 */
export function createOwnFetch(window: Window & typeof globalThis): typeof fetch {
  return async (path, init = {}) => {
    const access = init.method === undefined ? null : readAccess();
    const headers = new Headers(init.headers);
    if (access) headers.set('x-llm-monitor-csrf', access.csrfToken);
    const response = await window
      .fetch(basePath() + String(path), { ...init, headers })
      .catch((cause: Error) => {
        if (cause.name === 'AbortError') throw cause;
        throw new Error(textsOf(window.document.documentElement.lang).error.noAnswer, { cause });
      });
    if (response.status === 401 && !isLeaving) goToLogin(window);
    return response;
  };
}

function goToLogin({ location }: Window): void {
  const here = location.pathname.slice(basePath().length) + location.search;
  location.assign(`${basePath()}/login?next=${encodeURIComponent(here)}`);
}

/** The live connection does not say why it is refused; this leads to the login where it is for that. */
export async function checkLogin(ask: typeof fetch): Promise<void> {
  await ask('/login/session').catch(() => undefined);
}
