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
  const named = namedInConnection(raw);
  let hasHost = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    const lower = name.toLowerCase();
    if (lower === 'host') {
      hasHost = true;
      headers.push(name, options.host);
    } else if (lower === 'transfer-encoding') headers.push(name, 'chunked');
    else if (lower === 'te' && /(^|,)\s*trailers\s*(;|,|$)/i.test(value))
      headers.push(name, 'trailers');
    else if (lower === 'trailer' && options.framed !== 'chunked') continue;
    else if (!HOP_BY_HOP.has(lower) && !named?.has(lower)) headers.push(name, value);
  }
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
  const named = namedInConnection(raw);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    const lower = name.toLowerCase();
    if (lower === 'transfer-encoding') {
      if (options.chunked) headers.push(name, value);
    } else if (lower === 'trailer' && !options.chunked) continue;
    else if (!HOP_BY_HOP.has(lower) && !named?.has(lower)) headers.push(name, value);
  }
  headers.push(AGENT_HEADER, options.instance);
  return headers;
}

/** All values of a header, in order. */
export function headerValues(raw: RawHeaders, wanted: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    if (isNamed(name, wanted)) values.push(raw[i + 1] as string);
  }
  return values;
}

/** `wanted` is in lower case. */
function isNamed(name: string, wanted: string): boolean {
  // The length tells most apart, and costs nothing.
  return name.length === wanted.length && name.toLowerCase() === wanted;
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
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] as string, raw[i + 1] as string]);
  return pairs;
}

/** Undefined when none is named but what never passes anyway. */
function namedInConnection(raw: RawHeaders): ReadonlySet<string> | undefined {
  const values = headerValues(raw, 'connection');
  // What nearly all say.
  if (values.length === 0 || (values.length === 1 && values[0] === 'keep-alive')) return undefined;
  const named = new Set(headerTokens(raw, 'connection'));
  for (const name of NOT_REMOVABLE) named.delete(name);
  return named;
}
