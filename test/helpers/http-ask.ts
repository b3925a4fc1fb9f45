import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An answer as it came over the line. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** `name=value` of each cookie that was set */
  cookies: string[];
  body: string;
}

/** `fetch` does not let a test set Host, Cookie or Sec-Fetch-Site, and follows redirects; this does as it is told. */
export function askHttp(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, body } = options;
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers, rejectUnauthorized: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          cookies: (response.headers['set-cookie'] ?? []).map((one) => one.split(';')[0] ?? ''),
          body: text,
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Logs in as a browser's form does. */
export function logIn(
  url: string,
  token: string,
  options: { next?: string; headers?: Record<string, string> } = {},
): Promise<RawAnswer> {
  const { origin } = new URL(url);
  return askHttp(`${url}/login`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...{ origin, 'sec-fetch-site': 'same-origin' },
      ...options.headers,
    },
    body: new URLSearchParams({ token, next: options.next ?? '/' }).toString(),
  });
}

/** The headers that a page of ours sends once somebody logged in. */
export function sessionHeaders(cookies: readonly string[]): Record<string, string> {
  const csrf = cookies.find((one) => one.startsWith('llm-monitor-csrf='))?.split('.')[1] ?? '';
  return { cookie: cookies.join('; '), 'x-llm-monitor-csrf': csrf };
}
