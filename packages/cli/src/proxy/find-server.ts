import { httpGet } from '../processes/http-get.ts';

const TIMEOUT_MS = 1500;

/** Does a server answer there? Which one, or with what, does not matter: anything that speaks HTTP may be watched. */
export async function serverAnswers(upstream: URL): Promise<boolean> {
  // To ask others over TLS is the agent's work; that they are away is then seen on the dashboard.
  if (upstream.protocol !== 'http:') return true;
  try {
    await httpGet(new URL('/', upstream).href, { timeoutMs: TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}
