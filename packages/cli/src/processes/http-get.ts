import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

/** What a local service answered. */
export interface HttpAnswer {
  status: number;
  body: unknown;
}

/** GET of JSON from this machine. `fetch` would cost the supervisor megabytes that it needs for nothing else. */
export function httpGet(
  url: string,
  options: { timeoutMs: number; token?: string | undefined },
): Promise<HttpAnswer> {
  const get = url.startsWith('https:') ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const headers = options.token ? { authorization: `Bearer ${options.token}` } : {};
    // On this machine nobody is in between, and the certificate is for the name that others use.
    const settings = { timeout: options.timeoutMs, headers, rejectUnauthorized: false };
    const request = get(url, settings, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown });
        } catch {
          resolve({ status: response.statusCode ?? 0, body: undefined });
        }
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${options.timeoutMs} ms`)));
    request.on('error', reject);
  });
}
