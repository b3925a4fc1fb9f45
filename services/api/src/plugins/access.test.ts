import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import type { AccessTokens, Role } from '@llm-monitor/runtime';
import { describe, expect, test } from 'vitest';

import { ProblemError } from '../problem.ts';
import { createAccess } from './access.ts';

const HOST = '127.0.0.1:4319';
const ALLOWED = ['127.0.0.1', 'monitor.lan'];
const OPEN: AccessTokens = { operator: '', viewer: '' };
const CLOSED: AccessTokens = { operator: 'all-of-it', viewer: 'only-look' };

interface Request {
  method?: string;
  url?: string;
  headers?: IncomingHttpHeaders;
  rawHeaders?: string[];
  needed?: Role | 'open';
  address?: string;
}

/** A gate, and what it answers a request with: `in`, or the status and what is to be done. */
function createDoor(rules: { tokens?: AccessTokens; take?: (key: string) => number } = {}) {
  const { tokens = OPEN, take } = rules;
  const gate = createAccess({ allowedHosts: ALLOWED, tokens, limiter: take && { take } });
  return (of: Request = {}) => {
    const headers = { host: HOST, ...of.headers };
    const rawHeaders = of.rawHeaders ?? Object.entries(headers).flatMap(([k, v]) => [k, String(v)]);
    const { method = 'GET', url = '/api/status' } = of;
    const problem = gate.refuse?.({
      raw: { method, url, headers, rawHeaders } as unknown as IncomingMessage,
      needed: () => of.needed ?? (method === 'GET' ? 'viewer' : 'operator'),
      address: () => of.address ?? '127.0.0.1',
    });
    if (problem === undefined) return 'in';
    if (!(problem instanceof ProblemError)) throw problem;
    return `${problem.status} ${problem.title}: ${problem.message}`;
  };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('where no token is set', () => {
  test('whoever asks under our own names is let in, under these again and again, and nobody else', () => {
    const door = createDoor();
    for (const host of [HOST, HOST, 'monitor.lan', 'MONITOR.lan:80', HOST]) {
      expect(door({ headers: { host } }), host).toBe('in');
    }
    for (const host of ['evil.example', 'evil.example', '127.0.0.1.evil.example', '', undefined]) {
      expect(door({ headers: { host } }), host).toMatch(/^421 Unknown host: .*ALLOWED_HOSTS/);
    }
    expect(door()).toBe('in');
  });

  test('a page of another origin may read, which browsers keep from it, and change nothing', () => {
    const door = createDoor();
    const foreign = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' };
    expect(door({ headers: foreign })).toBe('in');
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      expect(door({ method, headers: foreign }), method).toMatch(/^403 Foreign page/);
      expect(door({ method, headers: foreign, needed: 'open' }), method).toMatch(/^403/);
      expect(door({ method, headers: { origin: `http://${HOST}` } }), method).toBe('in');
      expect(door({ method }), method).toBe('in');
    }
  });
});

test.each<[string, Request]>([
  ['two hosts', { rawHeaders: ['Host', HOST, 'hOST', 'evil.example'] }],
  ['a whole address in the place of a path', { url: 'http://evil.example/api/status' }],
  ['no path', { url: '*' }],
])('a request with %s is refused: others may have read it otherwise', (_what, request) => {
  expect(createDoor()(request)).toMatch(/^400 Ambiguous request/);
});

test('values that look like another host header, and headers of the same length, are none', () => {
  const rawHeaders = ['Host', HOST, 'x-said', 'Host', 'Date', 'now', 'From', 'host'];
  expect(createDoor()({ rawHeaders })).toBe('in');
});

describe('where tokens are set', () => {
  const door = createDoor({ tokens: CLOSED });

  test('an operator may do all, a viewer only read', () => {
    for (const method of ['GET', 'POST']) {
      expect(door({ method, headers: bearer('all-of-it') }), method).toBe('in');
    }
    expect(door({ headers: bearer('only-look') })).toBe('in');
    expect(door({ method: 'POST', headers: bearer('only-look') })).toMatch(
      /^403 Only an operator may do this: Your token is a viewer’s/,
    );
    expect(door({ headers: bearer('only-look'), needed: 'operator' })).toMatch(/^403 Only an op/);
    expect(door({ method: 'POST', headers: bearer('only-look'), needed: 'viewer' })).toBe('in');
  });

  test('whoever has none hears that one is needed, and whoever has a wrong one that it is wrong', () => {
    expect(door()).toMatch(/^401 Token needed/);
    expect(door({ headers: bearer('guessed') })).toMatch(/^401 Wrong token/);
    expect(door({ needed: 'open' })).toBe('in');
  });

  test('an operator’s token does not let a foreign page change anything', () => {
    const headers = { ...bearer('all-of-it'), origin: 'http://evil.example' };
    expect(door({ method: 'POST', headers })).toMatch(/^403 Foreign page/);
  });

  test('with a viewer’s alone nobody is an operator, and hears how to become one', () => {
    const viewers = createDoor({ tokens: { operator: '', viewer: 'only-look' } });
    expect(viewers({ method: 'POST', headers: bearer('only-look') })).toMatch(
      /^403 .*Only LLM_MONITOR_VIEWER_TOKEN is set here/,
    );
  });
});

describe('the rate limit', () => {
  test('counts each role of each network by itself, whoever asked in between', () => {
    const keys: string[] = [];
    const door = createDoor({ tokens: CLOSED, take: (key) => keys.push(key) && 0 });
    const asked: [string, string?][] = [
      ['10.0.0.1', 'only-look'],
      ['10.0.0.1', 'only-look'],
      ['10.0.0.2', 'only-look'],
      ['10.0.0.2', 'all-of-it'],
      ['10.0.0.2'],
      ['2001:db8::1', 'only-look'],
      ['2001:db8::2', 'only-look'],
    ];
    for (const [address, token] of asked) door({ address, headers: token ? bearer(token) : {} });
    expect(keys).toEqual([
      ...['viewer 10.0.0.1', 'viewer 10.0.0.1', 'viewer 10.0.0.2', 'operator 10.0.0.2'],
      ...[' 10.0.0.2', 'viewer 2001:db8:0:0', 'viewer 2001:db8:0:0'],
    ]);
  });

  test('comes before the token, and says when to ask again', () => {
    const door = createDoor({ tokens: CLOSED, take: () => 1200 });
    expect(door()).toMatch(/^429 Too many requests: Ask again in 2 s\. RATE_LIMIT/);
    expect(door({ headers: bearer('all-of-it') })).toMatch(/^429/);
  });

  test('is not used up by requests under a foreign name', () => {
    const keys: string[] = [];
    const door = createDoor({ take: (key) => keys.push(key) && 0 });
    door({ headers: { host: 'evil.example' } });
    door({ url: '*' });
    expect(keys).toEqual([]);
  });
});

test('every answer forbids to be kept, framed or taken for something else', () => {
  const { headers } = createAccess({ allowedHosts: ALLOWED, tokens: OPEN, limiter: undefined });
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  });
});
