/** Headers as they came: name, value, name, value …, with their case, order and duplicates. */
export type RawHeaders = readonly string[];

/** Fields that concern one connection only, and so never pass. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** A sender may not have these removed by naming them in `Connection`: they say how the message is read, where it goes and who passed it on. */
const NOT_REMOVABLE = new Set(['content-length', 'host', 'x-llm-monitor-agent']);

export const AGENT_HEADER = 'x-llm-monitor-agent';

/** Headers to send to the upstream, and whether a chunked body follows. */
export function requestHeaders(
  raw: RawHeaders,
  options: {
    host: string;
    instance: string;
    method: string;
    framed: 'chunked' | 'length' | 'none';
  },
): string[] {
  const headers: string[] = [];
  const drop = namedInConnection(raw);
  let hasHost = false;
  eachHeader(raw, (name, value, lower) => {
    if (lower === 'host') {
      hasHost = true;
      headers.push(name, options.host);
    } else if (lower === 'transfer-encoding') headers.push(name, 'chunked');
    else if (lower === 'te' && /(^|,)\s*trailers\s*(;|,|$)/i.test(value))
      headers.push(name, 'trailers');
    else if (lower === 'trailer' && options.framed !== 'chunked') drop.add(lower);
    else if (!HOP_BY_HOP.has(lower) && !drop.has(lower)) headers.push(name, value);
  });
  if (!hasHost) headers.unshift('Host', options.host);
  // Said by no client, but Node would send such a request as one whose body is chunked.
  if (options.framed === 'none' && !BODILESS.has(options.method))
    headers.push('Content-Length', '0');
  headers.push(AGENT_HEADER, options.instance);
  return headers;
}

/** Methods for which Node adds no framing by itself. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

/** Headers to answer the client with. `chunked`: the body is sent to this client in chunks. */
export function responseHeaders(
  raw: RawHeaders,
  options: { instance: string; chunked: boolean },
): string[] {
  const headers: string[] = [];
  const drop = namedInConnection(raw);
  eachHeader(raw, (name, value, lower) => {
    if (lower === 'transfer-encoding') {
      if (options.chunked) headers.push(name, value);
    } else if (lower === 'trailer' && !options.chunked) drop.add(lower);
    else if (!HOP_BY_HOP.has(lower) && !drop.has(lower)) headers.push(name, value);
  });
  headers.push(AGENT_HEADER, options.instance);
  return headers;
}

/** All values of a header, in order. */
export function headerValues(raw: RawHeaders, wanted: string): string[] {
  const values: string[] = [];
  eachHeader(raw, (_, value, lower) => {
    if (lower === wanted) values.push(value);
  });
  return values;
}

/** The members of a header whose value is a list, in lower case. */
export function headerTokens(raw: RawHeaders, wanted: string): string[] {
  return headerValues(raw, wanted).flatMap((value) =>
    value
      .split(',')
      .map((token) => token.trim().toLowerCase())
      .filter(Boolean),
  );
}

/** Pairs, as trailers are given to Node. */
export function headerPairs(raw: RawHeaders): [string, string][] {
  const pairs: [string, string][] = [];
  eachHeader(raw, (name, value) => void pairs.push([name, value]));
  return pairs;
}

function namedInConnection(raw: RawHeaders): Set<string> {
  const named = new Set(headerTokens(raw, 'connection'));
  for (const name of NOT_REMOVABLE) named.delete(name);
  return named;
}

function eachHeader(
  raw: RawHeaders,
  visit: (name: string, value: string, lower: string) => void,
): void {
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    visit(name, raw[i + 1] as string, name.toLowerCase());
  }
}
