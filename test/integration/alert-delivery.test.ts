import { createOutbox, type Notification, type Outbox } from '@llm-monitor/alerts/delivery';
import {
  AlertChannels,
  READY_RULES,
  type AlertChannel,
  type AlertChannelTest,
} from '@llm-monitor/contracts/alerts';
import type { Problem } from '@llm-monitor/contracts/rest';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ALWAYS_FIRES, anAlert } from '../helpers/an-alert.ts';
import { holdToDocument, type HeldToDocument } from '../helpers/hold-to-document.ts';
import { startHttpSink, type HttpSink, type SunkRequest } from '../helpers/http-sink.ts';
import { startSmtpSink } from '../helpers/smtp-sink.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { aCertificate, type TestCertificate } from '../helpers/start-reverse-proxy.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const SECRET = 'a-secret-that-nobody-sees';
const GATHER_MS = 150;

let nats: NatsServer;
let redis: RedisServer;
let api: RunningApi;
let bus: NatsConnection;
let held: HeldToDocument;
let certificate: TestCertificate;
let outbox: Outbox;
let sink: HttpSink;
const services: Service[] = [];
const onBus: string[] = [];

const startAlerts = async () => {
  const service = await startService(
    'alerts',
    {
      ...{ NATS_URL: nats.url, REDIS_URL: redis.url, LOG_LEVEL: 'trace' },
      ...{ ALERT_GATHER_MS: String(GATHER_MS), ALERT_RETRY_MS: '50', ALERT_EVERY_MS: '200' },
      ...{ ALERT_SEND_TIMEOUT_MS: '800', DASHBOARD_URL: 'https://monitor.example/llm' },
      NODE_EXTRA_CA_CERTS: certificate.certFile,
    },
    { until: 'ready' },
  );
  services.push(service);
  return service;
};

beforeAll(async () => {
  [nats, redis, sink] = await Promise.all([startNats(), startRedis(), startHttpSink()]);
  certificate = await aCertificate('mail.example');
  api = await startApi({ redisUrl: redis.url, natsUrl: nats.url, shards: 1 });
  outbox = createOutbox(api.redis, api.keys);
  bus = await connect({ servers: nats.url });
  held = holdToDocument(bus);
  bus.subscribe('>', {
    callback(_error, message) {
      onBus.push(message.string());
    },
  });
  // Ready rules would tell of what is none of this here.
  const ready = READY_RULES.map(({ id }) => id);
  await api.redis.sadd(api.keys.global.alertRulesWritten, ...ready);
  const env = { NATS_URL: nats.url, REDIS_URL: redis.url };
  services.push(await startService('collector', env, { until: 'ready' }));
  await startAlerts();
}, 60_000);
afterAll(async () => {
  await api.close();
  await bus.close();
  for (const service of services) await service.stop();
  await Promise.all([sink.close(), redis.stop(), nats.stop(), certificate.remove()]);
}, 60_000);

const ask = (method: string, path: string, body?: object) =>
  api.get(`/api/alerts/channels${path}`, {
    method,
    ...(body
      ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : {}),
  });
const list = async () => (await ask('GET', '')).body as AlertChannels;
const one = async (id: string): Promise<AlertChannel> => {
  const channel = (await list()).channels.find((each) => each.id === id);
  if (!channel) throw new Error(`there is no ${id}`);
  return channel;
};
const tryIt = async (id: string) => (await ask('POST', `/${id}/test`)).body as AlertChannelTest;

/** A webhook channel, whose requests come to the sink below its own id. */
async function setHook(id: string, more: object = {}): Promise<() => SunkRequest[]> {
  const settings = { url: `${sink.url}/${id}?key=${SECRET}`, secret: `${SECRET}-16` };
  const { status, body } = await ask('PUT', `/${id}`, {
    kind: 'webhook',
    everySeconds: 0,
    settings,
    ...more,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return () => sink.requests.filter(({ path }) => path.startsWith(`/${id}?`));
}
const hand = (id: string, notification: Notification = anAlert()) =>
  outbox.add(id, notification, { nowMs: Date.now(), gatherMs: GATHER_MS });
const dataOf = (request: SunkRequest | undefined) =>
  request?.body as {
    type: string;
    data: { title: string; alerts: { id: string; what: string }[] };
  };
const idsOf = (requests: SunkRequest[]) => requests.map(({ headers }) => headers['webhook-id']);
/** How the sink answers a channel. */
const answers = new Map<string, (count: number) => number>();
const answerBy = (id: string, statusOf: (count: number) => number) => {
  answers.set(id, statusOf);
  const counts = new Map<string, number>();
  sink.answer(({ path }, response) => {
    const [, of = ''] = /^\/([\w-]+)/.exec(path) ?? [];
    const count = (counts.get(of) ?? 0) + 1;
    counts.set(of, count);
    const status = answers.get(of)?.(count) ?? 200;
    // 0: no answer at all.
    if (status > 0)
      response
        .writeHead(status, status === 429 ? { 'retry-after': '300' } : {})
        .end(`said to ${path}`);
  });
};

describe('channels', () => {
  test('can be of the kinds that the alerts know, each with what a form needs', async () => {
    const body = await list();
    expect(Value.Errors(AlertChannels, body)).toEqual([]);
    const kinds = body.kinds.map(({ kind }) => kind).join(' ');
    expect(kinds).toBe('email slack discord telegram ntfy webhook nats');
    const fields = body.kinds.flatMap(({ settings }) => Object.values(settings.properties));
    for (const { title } of fields)
      expect(title).toEqual({ en: expect.any(String), it: expect.any(String) });
  });

  test('show of a secret that it is set, and keep it while nobody gives another', async () => {
    const requests = await setHook('kept');
    expect(await one('kept')).toMatchObject({
      ...{
        kind: 'webhook',
        name: 'kept',
        enabled: true,
        language: 'en',
        everySeconds: 0,
        waiting: 0,
      },
      ...{ lastSentAt: null, lastError: null, nextAt: null },
      settings: { url: { set: true, host: new URL(sink.url).host }, secret: { set: true } },
    });
    const changed = { name: 'Kept', language: 'it', everySeconds: 60 };
    expect((await ask('PUT', '/kept', changed)).body).toMatchObject(changed);
    expect(await tryIt('kept')).toMatchObject({ ok: true });
    expect(requests()[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(dataOf(requests()[0])).toMatchObject({
      type: 'alert.test',
      data: { title: 'Prova di Kept' },
    });
    await ask('PUT', '/kept', { settings: { secret: null } });
    expect((await one('kept')).settings).toEqual({
      url: { set: true, host: new URL(sink.url).host },
    });
  });

  test('do not take secrets along to another server', async () => {
    const settings = {
      host: 'smtp.example',
      user: 'me',
      password: SECRET,
      from: 'a@b.example',
      to: 'c@d.example',
    };
    expect((await ask('PUT', '/mail', { kind: 'email', settings })).status).toBe(200);
    const moved = await ask('PUT', '/mail', { settings: { host: 'evil.example' } });
    expect(moved.status).toBe(400);
    expect((moved.body as Problem).detail).toMatch(/secrets do not follow.*"password"/);
    // Another port is another server, and without encryption everybody on the way reads along.
    for (const change of [{ port: 2525 }, { security: 'none' }]) {
      expect((await ask('PUT', '/mail', { settings: change })).status).toBe(400);
    }
    expect((await ask('PUT', '/mail', { settings: { port: 587 } })).status).toBe(200);
    const known = await ask('PUT', '/mail', {
      settings: { host: 'evil.example', password: 'another' },
    });
    expect(known.status).toBe(200);
    expect((await ask('DELETE', '/mail')).status).toBe(204);
    expect((await ask('DELETE', '/mail')).status).toBe(404);
  });

  test.each([
    ['bad', {}, /"kind" is missing.*email, slack/],
    ['bad', { kind: 'pigeon', settings: {} }, /no kind of channel "pigeon"/],
    ['bad', { kind: 'slack', settings: {} }, /"url" \(Webhook address\) is missing/],
    ['bad', { kind: 'slack', settings: { url: 'ftp://x' } }, /begins with http/],
    ['bad', { kind: 'slack', settings: { url: 'http://x', to: 'y' } }, /no setting "to"/],
    ['bad', { kind: 'email', settings: { host: 'h', from: 'a', to: 'b@c' } }, /an e-mail address/],
    [
      'bad',
      { kind: 'email', settings: { host: 'h', from: 'a@b', to: 'b@c\r\nBcc: x@y' } },
      /e-mail addresses/,
    ],
    [
      'bad',
      { kind: 'email', settings: { host: 'h', port: 70_000, from: 'a@b', to: 'b@c' } },
      /1 to 65535/,
    ],
    ['bad', { kind: 'webhook', settings: { url: 'http://169.254.169.254/' } }, /link-local/],
    ['bad', { kind: 'ntfy', settings: { topic: 'a/b' } }, /Letters, digits/],
    ['bad', { kind: 'telegram', settings: { token: 'x', chat: '1' } }, /BotFather/],
    ['bad', { kind: 'nats', settings: {}, everySeconds: -1 }, /0 to 86400/],
    ['Bad Id', { kind: 'nats', settings: {} }, /small letters/],
  ])('%s %o is refused with the way out', async (id, body, reason) => {
    const { status, body: problem } = await ask('PUT', `/${encodeURIComponent(id)}`, body);
    expect(status).toBe(400);
    expect((problem as Problem).detail).toMatch(reason);
  });

  test('that are not there, or that nobody can try, say so', async () => {
    expect((await ask('POST', '/nobody/test')).status).toBe(404);
    const alone = await startApi({ redisUrl: redis.url, shards: 1 });
    const { status, body } = await alone.get('/api/alerts/channels/kept/test', { method: 'POST' });
    await alone.close();
    expect(status).toBe(503);
    expect((body as Problem).detail).toMatch(/NATS is away/);
  });

  test('are tried with their true answer', async () => {
    await setHook('tried');
    answerBy('tried', () => 404);
    const refused = await tryIt('tried');
    expect(refused).toEqual({
      id: 'tried',
      ok: false,
      detail: expect.stringMatching(/^HTTP 404: said to ••••/),
    });
    expect((await one('tried')).lastError).toMatchObject({
      permanent: true,
      message: refused.detail,
    });
  });
});

describe('delivery', () => {
  test('goes from a rule that fires to people, and tells them when it is over', async () => {
    const requests = await setHook('of-rule');
    await setHook('not-of-rule');
    await api.redis.hset(api.keys.global.alertRules, ALWAYS_FIRES.id, JSON.stringify(ALWAYS_FIRES));
    await waitFor('the alert', () => requests().length === 1);
    await api.redis.hdel(api.keys.global.alertRules, ALWAYS_FIRES.id);
    await waitFor('its end', () => requests().length === 2);
    expect(requests().map((request) => dataOf(request).type)).toEqual([
      'alert.fired',
      'alert.resolved',
    ]);
    expect(sink.requests.filter(({ path }) => path.startsWith('/not-of-rule'))).toEqual([]);
    expect(requests()[0]?.raw).toContain('https://monitor.example/llm/');
  });

  test('makes one message of a storm, and tells nothing twice', async () => {
    const requests = await setHook('storm', { everySeconds: 3600 });
    const storm = Array.from({ length: 100 }, () => anAlert());
    await Promise.all([...storm, ...storm.slice(0, 10)].map((each) => hand('storm', each)));
    await waitFor('the message', () => requests().length === 1);
    expect(dataOf(requests()[0]).data.title).toBe('100 alerts fire');
    await waitFor('it to be noted', async () => (await one('storm')).sent === 1);
    await hand('storm', storm[0]);
    expect((await one('storm')).waiting).toBe(0);
    // What comes within the hour waits for its end.
    await hand('storm');
    const { waiting, nextAt } = await one('storm');
    expect(waiting).toBe(1);
    expect(Date.parse(nextAt ?? '') - Date.now()).toBeGreaterThan(3_500_000);
  });

  test('tries again with the same id until it is taken', async () => {
    const requests = await setHook('again');
    answerBy('again', (count) => (count < 3 ? 503 : 200));
    await hand('again');
    await waitFor('the message to be taken', async () => (await one('again')).sent === 1);
    expect(requests()).toHaveLength(3);
    expect(new Set(idsOf(requests())).size).toBe(1);
    expect(await one('again')).toMatchObject({ failed: 2, lost: 0, waiting: 0 });
  });

  test('waits as long as the other side wants, unless a test shows that it takes messages now', async () => {
    const requests = await setHook('busy');
    answerBy('busy', (count) => (count === 1 ? 429 : 200));
    await hand('busy');
    const { lastError } = await waitFor(
      'the refusal, and that it is minutes until the next try',
      async () => {
        const channel = await one('busy');
        const isFar = Date.parse(channel.nextAt ?? '') - Date.now() > 200_000;
        return channel.lastError !== null && isFar && channel;
      },
    );
    expect(lastError).toMatchObject({
      permanent: false,
      message: expect.stringContaining('HTTP 429'),
    });
    expect(await tryIt('busy')).toMatchObject({ ok: true });
    await waitFor('the message', async () => (await one('busy')).waiting === 0);
    expect(requests().map((request) => dataOf(request).type)).toEqual([
      'alert.fired',
      'alert.test',
      'alert.fired',
    ]);
  });

  test('gives up what cannot be taken, and says so', async () => {
    const requests = await setHook('wrong');
    answerBy('wrong', () => 401);
    await Promise.all([hand('wrong'), hand('wrong')]);
    await waitFor('it to be given up', async () => (await one('wrong')).lost === 2);
    expect(requests()).toHaveLength(1);
    expect(await one('wrong')).toMatchObject({ waiting: 0, lastError: { permanent: true } });
  });

  test('of a slow channel holds up no other', async () => {
    await setHook('slow');
    const requests = await setHook('fast');
    answerBy('slow', () => 0);
    await hand('slow');
    await waitFor('the slow one to be sending', () =>
      sink.requests.some(({ path }) => path.startsWith('/slow')),
    );
    await hand('fast');
    await waitFor('the fast one', () => requests().length === 1);
    expect((await one('slow')).waiting).toBe(1);
    await ask('PUT', '/slow', { enabled: false });
    await waitFor(
      'a channel that is off to have nothing',
      async () => (await one('slow')).waiting === 0,
    );
  });

  test('goes on where a killed service left it, and no two replicas tell the same', async () => {
    const requests = await setHook('killed');
    answerBy('killed', (count) => (count === 1 ? 0 : 200));
    await hand('killed');
    await waitFor('it to be sending', () => requests().length === 1);
    await services.pop()?.stop('SIGKILL');
    await Promise.all([startAlerts(), startAlerts()]);
    await waitFor('the message to be taken', async () => (await one('killed')).sent === 1);
    expect(requests()).toHaveLength(2);
    expect(new Set(idsOf(requests())).size).toBe(1);
    const many = Array.from({ length: 40 }, () => anAlert());
    for (const each of many) await hand('killed', each);
    await waitFor('all of them', async () => (await one('killed')).waiting === 0);
    const told = requests()
      .slice(2)
      .flatMap((request) => dataOf(request).data.alerts.map(({ id }) => id));
    expect(told.sort()).toEqual(many.map(({ alert }) => alert.id).sort());
  }, 60_000);
});

test('mail is encrypted, to a server whose certificate is known', async () => {
  const known = await startSmtpSink({
    key: certificate.key,
    cert: certificate.cert,
    disabledCommands: [],
  });
  const other = await aCertificate('mail.example');
  const foreign = await startSmtpSink({ secure: true, key: other.key, cert: other.cert });
  const settings = { host: '127.0.0.1', from: 'a@b.example', to: 'c@d.example', port: known.port };
  await ask('PUT', '/mail', { kind: 'email', settings });
  expect(await tryIt('mail')).toMatchObject({ ok: true });
  expect(known.mails[0]).toMatchObject({ secure: true, to: ['c@d.example'] });
  await ask('PUT', '/mail', { settings: { port: foreign.port, security: 'tls' } });
  const refused = await tryIt('mail');
  expect(refused).toMatchObject({ ok: false, detail: expect.stringMatching(/certificate/) });
  await Promise.all([known.close(), foreign.close(), other.remove()]);
});

test('no secret is in a log, on the bus or in an answer', async () => {
  const texts = [
    ...services.map((service) => service.output()),
    ...onBus,
    JSON.stringify(await list()),
  ].join('\n');
  expect(texts.length).toBeGreaterThan(5000);
  expect(texts).not.toContain(SECRET);
  // It was really sent, and is really kept.
  expect(sink.requests.some(({ path }) => path.includes(SECRET))).toBe(true);
  expect(await api.redis.hget(api.keys.global.alertChannels, 'kept')).toContain(SECRET);
});

test('all that was said on the bus is what the published document says', () => {
  expect(held.problems).toEqual([]);
  expect([...held.seen]).toEqual(expect.arrayContaining(['alertFired', 'alertTest']));
});
