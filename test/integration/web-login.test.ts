import { io } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { askHttp, logIn, sessionHeaders } from '../helpers/http-ask.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const OPERATOR = 'operator-secret';
const VIEWER = 'viewer-secret';
const HTML = { accept: 'text/html' };

let nats: NatsServer;
let redis: RedisServer;
let api: Service;
let web: Service;
let replica: Service;

beforeAll(async () => {
  [nats, redis] = await Promise.all([startNats(), startRedis()]);
  const tokens = { LLM_MONITOR_TOKEN: OPERATOR, LLM_MONITOR_VIEWER_TOKEN: VIEWER };
  const env = { NATS_URL: nats.url, REDIS_URL: redis.url, ...tokens };
  api = await startService('api', env, { until: 'ready' });
  const webEnv = { ...env, API_URL: api.url, TRUST_PROXY: 'loopback' };
  [web, replica] = await Promise.all([
    startService('web', webEnv, { until: 'ready' }),
    startService('web', webEnv, { until: 'ready' }),
  ]);
});
afterAll(async () => {
  await Promise.all([web.stop(), replica.stop(), api.stop()]);
  await Promise.all([nats.stop(), redis.stop()]);
});

let addresses = 0;
let from: Record<string, string>;
beforeEach(() => {
  addresses++;
  from = { 'x-forwarded-for': `203.0.113.${addresses}` };
});

async function aSession(token: string) {
  const { cookies, status } = await logIn(web.url, token, { headers: from });
  expect(status).toBe(303);
  return sessionHeaders(cookies);
}

/** Whether a live connection is let in; it stays open then. */
function connect(url: string, headers: Record<string, string>) {
  const socket = io(url, {
    ...{ transports: ['websocket'], reconnection: false, forceNew: true },
    extraHeaders: headers,
  });
  const isIn = new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('connect_error', () => resolve(false));
  });
  return { socket, isIn };
}

const cancel = (url: string, headers: Record<string, string>) =>
  askHttp(`${url}/api/requests/no-such-call/cancel`, { method: 'POST', headers });

test('a person is led to the login and back to where they wanted to go', async () => {
  const page = await askHttp(`${web.url}/models?req=1`, { headers: HTML });
  expect(page.status).toBe(303);
  expect(page.headers['location']).toBe('/login?next=%2Fmodels%3Freq%3D1');
  const form = await askHttp(`${web.url}/login?next=%2Fmodels%3Freq%3D1`, {
    headers: { ...HTML, 'accept-language': 'it-IT' },
  });
  expect(form.status).toBe(200);
  expect(form.body).toContain('<html lang="it">');
  expect(form.body).toContain('value="/models?req=1"');
  expect(form.body).not.toContain('<script');
  expect(form.headers['content-security-policy']).toMatch(/^default-src 'none'/);
  const answer = await logIn(web.url, OPERATOR, { next: '/models?req=1', headers: from });
  expect([answer.status, answer.headers['location']]).toEqual([303, '/models?req=1']);
});

test('a program is told, and never led away', async () => {
  const { status, headers, body } = await askHttp(`${web.url}/api/status`);
  expect(status).toBe(401);
  expect(headers['www-authenticate']).toMatch(/^Bearer/);
  expect(JSON.parse(body)).toMatchObject({ status: 401, title: 'Token needed' });
});

test('a login leads to no other site', async () => {
  for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example']) {
    const answer = await logIn(web.url, VIEWER, { next, headers: from });
    expect(answer.headers['location']).toBe('/');
  }
});

test('a session opens pages, the API and the live data, on every replica', async () => {
  const headers = await aSession(VIEWER);
  for (const { url } of [web, replica]) {
    expect((await askHttp(`${url}/`, { headers: { ...HTML, ...headers } })).status).toBe(200);
    expect((await askHttp(`${url}/api/status`, { headers })).status).toBe(200);
    const { socket, isIn } = connect(url, { ...headers, origin: url });
    expect(await isIn).toBe(true);
    socket.disconnect();
  }
  const { body } = await askHttp(`${web.url}/login/session`, { headers });
  expect(JSON.parse(body)).toEqual({ role: 'viewer', has_session: true });
});

test('the cookie of the session is out of reach of scripts, foreign pages, and Redis readers', async () => {
  const answer = await logIn(web.url, OPERATOR, { headers: from });
  const [session = '', csrf = ''] = answer.headers['set-cookie'] as string[];
  expect(session).toMatch(/^llm-monitor-session=.*; HttpOnly; SameSite=Strict; Path=\/; Max-Age/);
  expect(csrf).toMatch(/^llm-monitor-csrf=operator\./);
  const id = answer.cookies[0]?.split('=')[1];
  const { Redis } = await import('ioredis');
  const reader = new Redis(redis.url);
  const keys = await reader.keys('{s0}:session:*');
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.join()).not.toContain(id);
  expect(await reader.pttl(keys[0]!)).toBeGreaterThan(23 * 3_600_000);
  reader.disconnect();
});

test('over HTTPS, by the word of a trusted proxy, cookies are for HTTPS only', async () => {
  const headers = { ...from, 'x-forwarded-proto': 'https' };
  const { headers: answered } = await logIn(web.url, OPERATOR, { headers });
  for (const cookie of answered['set-cookie'] as string[]) expect(cookie).toContain('; Secure');
});

test('a viewer reads and changes nothing, by token and by session', async () => {
  const bearer = { authorization: `Bearer ${VIEWER}` };
  const session = await aSession(VIEWER);
  for (const headers of [bearer, session]) {
    expect((await askHttp(`${web.url}/api/status`, { headers })).status).toBe(200);
    const refused = await cancel(web.url, headers);
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toMatchObject({ title: 'Only an operator may do this' });
  }
  const direct = await cancel(api.url, bearer);
  expect([direct.status, JSON.parse(direct.body).title]).toEqual([
    403,
    'Only an operator may do this',
  ]);
  expect((await cancel(web.url, { authorization: `Bearer ${OPERATOR}` })).status).toBe(404);
  expect((await cancel(web.url, await aSession(OPERATOR))).status).toBe(404);
});

test('a session alone changes nothing: the proof of the page must come with it', async () => {
  const { cookie = '', 'x-llm-monitor-csrf': proof = '' } = await aSession(OPERATOR);
  const other = await aSession(OPERATOR);
  const titleOf = async (headers: Record<string, string>) =>
    JSON.parse((await cancel(web.url, headers)).body).title as string;
  expect(await titleOf({ cookie })).toBe('CSRF token missing');
  expect(await titleOf({ cookie, 'x-llm-monitor-csrf': other['x-llm-monitor-csrf']! })).toBe(
    'CSRF token missing',
  );
  const foreign = { cookie, 'x-llm-monitor-csrf': proof };
  expect(await titleOf({ ...foreign, 'sec-fetch-site': 'same-site' })).toBe('Foreign page');
  expect(await titleOf({ ...foreign, origin: 'http://localhost:1' })).toBe('Foreign page');
});

test('logging out ends the session everywhere, and closes its live connections', async () => {
  const headers = await aSession(VIEWER);
  const open = [connect(web.url, headers), connect(replica.url, headers)];
  const other = connect(web.url, await aSession(VIEWER));
  for (const { isIn } of [...open, other]) expect(await isIn).toBe(true);
  const out = await askHttp(`${web.url}/logout`, {
    method: 'POST',
    headers: { cookie: headers['cookie']!, origin: web.url },
  });
  expect(out.status).toBe(200);
  expect((out.headers['set-cookie'] as string[]).every((one) => one.includes('Max-Age=0'))).toBe(
    true,
  );
  await waitFor('the connections to be closed', () =>
    open.every(({ socket }) => !socket.connected),
  );
  expect(other.socket.connected).toBe(true);
  other.socket.disconnect();
  // The same cookie again, as a thief would send it.
  for (const { url } of [web, replica]) {
    expect((await askHttp(`${url}/api/status`, { headers })).status).toBe(401);
    expect(await connect(url, headers).isIn).toBe(false);
  }
});

test('a foreign page logs nobody out, and nobody in', async () => {
  const headers = await aSession(VIEWER);
  const foreign = { ...headers, origin: 'http://evil.example' };
  expect((await askHttp(`${web.url}/logout`, { method: 'POST', headers: foreign })).status).toBe(
    403,
  );
  expect((await askHttp(`${web.url}/api/status`, { headers })).status).toBe(200);
  const logged = await logIn(web.url, OPERATOR, { headers: { 'sec-fetch-site': 'cross-site' } });
  expect([logged.status, logged.cookies]).toEqual([403, []]);
});

test('another token ends the sessions of the one before', async () => {
  const headers = await aSession(VIEWER);
  const changed = await startService('web', {
    ...{ NATS_URL: nats.url, REDIS_URL: redis.url, API_URL: api.url },
    ...{ LLM_MONITOR_TOKEN: OPERATOR, LLM_MONITOR_VIEWER_TOKEN: 'another-one' },
  });
  expect((await askHttp(`${changed.url}/api/status`, { headers })).status).toBe(401);
  await changed.stop();
});

test('guessing is slowed down for its address alone, and says how long', async () => {
  let last = 0;
  const tryFrom = (address: string, token: string) =>
    logIn(web.url, token, { headers: { 'x-forwarded-for': address } });
  // On a machine that is busy for two seconds in between, the wait is over: then another address guesses.
  const blocked = await waitFor('the wait', async () => {
    last += 1;
    const address = `198.51.100.${last}`;
    for (let i = 0; i < 5; i++) expect((await tryFrom(address, 'a-guess')).status).toBe(401);
    const right = await tryFrom(address, OPERATOR);
    return right.status === 429 && right;
  });
  expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
  expect(blocked.body).toContain('Too many wrong tokens');
  expect(blocked.cookies).toEqual([]);
  expect((await tryFrom('198.51.100.250', 'a-guess')).status).toBe(401);
});

test('a link from elsewhere is asked for once more, so that the browser sends its session', async () => {
  const fromElsewhere = { ...HTML, 'sec-fetch-site': 'cross-site' };
  const { status, body } = await askHttp(`${web.url}/models`, { headers: fromElsewhere });
  expect([status, body.includes('http-equiv="refresh"')]).toEqual([200, true]);
});

test('while Redis is away sessions cannot be checked, and tokens work', async () => {
  const own = await startRedis();
  const lonely = await startService('web', {
    ...{ NATS_URL: nats.url, REDIS_URL: own.url, API_URL: api.url },
    ...{ LLM_MONITOR_TOKEN: OPERATOR, LLM_MONITOR_VIEWER_TOKEN: VIEWER },
  });
  const { cookies } = await waitFor('a login', async () => {
    const answer = await logIn(lonely.url, OPERATOR);
    return answer.status === 303 && answer;
  });
  const headers = sessionHeaders(cookies);
  const bearer = { authorization: `Bearer ${OPERATOR}` };
  expect((await askHttp(`${lonely.url}/api/status`, { headers })).status).toBe(200);
  await own.stop();
  const away = await askHttp(`${lonely.url}/api/status`, { headers });
  expect(away.status).toBe(503);
  expect(JSON.parse(away.body)).toMatchObject({ title: 'Logins cannot be checked' });
  expect((await askHttp(`${lonely.url}/api/status`, { headers: bearer })).status).toBe(200);
  expect((await logIn(lonely.url, OPERATOR)).status).toBe(503);
  await lonely.stop();
});

test('a viewer token alone lets people look and nobody change anything, and the start says so', async () => {
  const env = { NATS_URL: nats.url, REDIS_URL: redis.url, LLM_MONITOR_VIEWER_TOKEN: VIEWER };
  const ownApi = await startService('api', env);
  expect((await cancel(ownApi.url, {})).status).toBe(401);
  const refused = await cancel(ownApi.url, { authorization: `Bearer ${VIEWER}` });
  expect(JSON.parse(refused.body)).toMatchObject({ status: 403 });
  expect(refused.body).toContain('LLM_MONITOR_TOKEN');
  expect(ownApi.output()).toContain('LLM_MONITOR_VIEWER_TOKEN is set without LLM_MONITOR_TOKEN');
  await ownApi.stop();
});
