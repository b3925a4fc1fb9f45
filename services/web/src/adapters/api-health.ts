import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

/** Where the API is, and who signed its certificate, PEM; none: somebody that Node knows. */
export interface ApiAddress {
  url: string;
  ca: string | undefined;
}

const TIMEOUT_MS = 1500;
/** Codes by which Node says that a certificate is not to be trusted. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET|VERIFY)|INVALID_CA|HOSTNAME_MISMATCH)/;

/** Does the API answer? In words for `/ready`. */
export async function checkApi(api: ApiAddress): Promise<{ ok: boolean; detail: string }> {
  try {
    const status = await askHealth(api);
    return status === 200
      ? { ok: true, detail: 'answers' }
      : { ok: false, detail: `answers with status ${status}` };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return { ok: false, detail: reasonOf(code, message) };
  }
}

function reasonOf(code: string, message: string): string {
  if (UNTRUSTED.test(code)) {
    return `its certificate is not trusted (${message}): is API_CA who signed it, and API_URL a name that it has?`;
  }
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return 'does not speak HTTPS: give it API_TLS_CERT and API_TLS_KEY, or set API_URL to http://';
  }
  return 'does not answer: is API_URL right, does the api service run?';
}

/** By the plain client of Node: `fetch` takes no authority of one's own. */
function askHealth({ url, ca }: ApiAddress): Promise<number> {
  const health = new URL('/health', url);
  const options = { agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
  return new Promise((resolve, reject) => {
    const request =
      health.protocol === 'https:'
        ? getHttps(health, { ...options, ca })
        : getHttp(health, options);
    request.once('error', reject).once('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
  });
}
