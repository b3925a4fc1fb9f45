import { createChannelWays, type ChannelWays } from '@llm-monitor/alerts/delivery';
import type { NatsConnection } from '@nats-io/transport-node';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { anAlert, HOSTILE_NAME } from '../helpers/an-alert.ts';
import { startHttpSink, type HttpSink } from '../helpers/http-sink.ts';
import {
  channelSettings,
  HTTP_KINDS,
  sendByChannel,
  type Sent,
  type Settings,
} from '../helpers/send-by-channel.ts';
import { startSmtpSink, type SmtpSink } from '../helpers/smtp-sink.ts';

let ways: ChannelWays;
let sink: HttpSink;

beforeAll(async () => {
  sink = await startHttpSink();
  // Nothing here goes over the bus.
  const bus = {} as NatsConnection;
  ways = createChannelWays({ bus, version: '1.2.3', now: () => Date.now() });
});
afterEach(() => sink.reset());
afterAll(async () => {
  await ways.close();
  await sink.close();
});

const send = (kind: string, settings: Settings, sent?: Sent) =>
  sendByChannel(ways, kind, settings, sent);
const settingsOf = (kind: string) => channelSettings(kind, sink.url);

describe('a refusal', () => {
  const secrets = /secret|AAF|tk_|whsec|MfKQ/i;

  test.each(HTTP_KINDS)(
    '%s: what cannot get better is not tried again, and no secret is told',
    async (kind) => {
      for (const status of [400, 401, 403, 404, 410]) {
        // Servers quote what they were asked for.
        const body = `no such thing: ${JSON.stringify(settingsOf(kind))}`;
        sink.answer({ status, body });
        const result = await send(kind, settingsOf(kind));
        expect(result).toMatchObject({ ok: false, permanent: true });
        expect(result.detail).toContain(`HTTP ${status}: no such thing`);
        expect(result.detail.replace(/"(secret|token)":/g, '')).not.toMatch(secrets);
      }
    },
  );

  test.each([
    ['slack', { status: 429, headers: { 'retry-after': '30' } }, 30_000],
    [
      'discord',
      {
        status: 429,
        body: '{"message":"You are being rate limited.","retry_after":1.5,"global":false}',
      },
      1500,
    ],
    [
      'telegram',
      { status: 429, body: '{"ok":false,"error_code":429,"parameters":{"retry_after":12}}' },
      12_000,
    ],
    ['ntfy', { status: 429, body: '{"code":42901,"http":429,"error":"limit reached"}' }, undefined],
    ['webhook', { status: 503, headers: { 'retry-after': '120' } }, 120_000],
    ['webhook', { status: 500 }, undefined],
    ['webhook', { status: 408 }, undefined],
  ])('%s: %o is tried again after %o ms', async (kind, answer, retryAfterMs) => {
    sink.answer(answer);
    const result = await send(kind, settingsOf(kind));
    expect(result).toMatchObject({ ok: false, permanent: false });
    expect(result).toMatchObject({ retryAfterMs });
  });

  test('a redirect is not followed', async () => {
    sink.answer({ status: 307, headers: { location: `${sink.url}/elsewhere` } });
    const result = await send('webhook', settingsOf('webhook'));
    expect(result).toMatchObject({ ok: false, permanent: true });
    expect(result.detail).toMatch(/redirects are not followed/);
    expect(sink.requests.map(({ path }) => path)).toEqual(['/hook?key=secret-of-hook']);
  });

  test('a server that is silent, breaks off or is not there is tried again', async () => {
    sink.answer(() => undefined);
    const late = await send('webhook', settingsOf('webhook'), { timeoutMs: 100 });
    expect(late).toMatchObject({ ok: false, permanent: false });
    expect(late.detail).toMatch(/^127\.0\.0\.1:\d+: no answer in time$/);
    sink.answer((_request, response) => void response.socket?.resetAndDestroy());
    const broken = await send('webhook', settingsOf('webhook'));
    expect(broken.detail).toMatch(/the connection was broken off/);
    const gone = await send('webhook', { url: 'http://127.0.0.1:1/secret-path' });
    expect(gone).toMatchObject({
      ok: false,
      permanent: false,
      detail: '127.0.0.1:1: nobody listens there',
    });
  });

  test('an endless answer is not read to its end', async () => {
    sink.answer((_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const result = await send('webhook', settingsOf('webhook'));
    expect(result.ok).toBe(true);
    expect(result.detail.length).toBeLessThan(250);
  });

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
  ])('nothing is sent to %s, where clouds keep keys', async (url) => {
    const result = await send('webhook', { url });
    expect(result).toMatchObject({ ok: false, permanent: true });
    expect(result.detail).toMatch(/link-local/);
  });
});

describe('mail', () => {
  let smtp: SmtpSink | undefined;
  afterEach(() => smtp?.close());
  const to = (port: number, more: Settings = {}) => ({
    ...{ host: '127.0.0.1', port, security: 'none', from: 'monitor@example.com' },
    ...{ to: 'ops@example.com, boss@example.com', ...more },
  });

  test('is plain and HTML, has the id of the message, and says that a machine wrote it', async () => {
    smtp = await startSmtpSink();
    expect((await send('email', to(smtp.port), { language: 'it' })).ok).toBe(true);
    const [got] = smtp.mails;
    expect(got).toMatchObject({
      from: 'monitor@example.com',
      to: ['ops@example.com', 'boss@example.com'],
    });
    const mail = await PostalMime.parse(got?.raw ?? '');
    expect(mail).toMatchObject({
      subject: '🔴 Critico: Too many failures (phi3)',
      from: { name: 'LLM Monitor', address: 'monitor@example.com' },
      messageId: '<message-1@llm-monitor>',
    });
    expect(mail.text).toContain('Valore: 12,5 % (soglia: < 90 %)');
    expect(mail.html).toContain('Valore</td><td>12,5 % (soglia: &lt; 90 %)</td>');
    expect(got?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  });

  test('has no header and no mark of a hostile name', async () => {
    smtp = await startSmtpSink();
    const notifications = [anAlert('fired', { name: HOSTILE_NAME, of: { model: HOSTILE_NAME } })];
    await send('email', to(smtp.port), { notifications });
    const [got] = smtp.mails;
    const mail = await PostalMime.parse(got?.raw ?? '');
    expect(got?.to).toEqual(['ops@example.com', 'boss@example.com']);
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(mail.subject).toContain('Bcc: x@y.example');
    expect(mail.html).not.toContain('<script');
    expect(mail.html).toContain('&lt;script&gt;');
  });

  test('needs what the server asks for: TLS, a password', async () => {
    smtp = await startSmtpSink({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        password === 'correct horse'
          ? done(null, { user: username })
          : done(Object.assign(new Error(`no: ${password}`), { responseCode: 535 })),
    });
    const login = { user: 'me', password: 'correct horse' };
    expect((await send('email', to(smtp.port, login))).ok).toBe(true);
    expect(smtp.mails[0]?.user).toBe('me');
    const wrong = await send('email', to(smtp.port, { user: 'me', password: 'wrong-horse' }));
    expect(wrong).toMatchObject({
      ok: false,
      permanent: true,
      detail: expect.stringContaining('535'),
    });
    expect(wrong.detail).not.toContain('wrong-horse');
    expect(await send('email', to(smtp.port))).toMatchObject({ ok: false, permanent: true });
    const plain = await send('email', to(smtp.port, { ...login, security: 'starttls' }));
    expect(plain.detail).toMatch(/STARTTLS/i);
  });

  test.each([
    [550, true],
    [450, false],
  ])('that is refused with %d: permanent is %s', async (responseCode, permanent) => {
    smtp = await startSmtpSink({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('not here'), { responseCode })),
    });
    const result = await send('email', to(smtp.port));
    expect(result).toMatchObject({ ok: false, permanent });
    expect(result.detail).toContain('not here');
  });

  test('that is taken for some says for whom it is not', async () => {
    smtp = await startSmtpSink({
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('boss')
          ? done(Object.assign(new Error('full'), { responseCode: 552 }))
          : done(),
    });
    const result = await send('email', to(smtp.port));
    expect(result).toMatchObject({
      ok: true,
      detail: expect.stringContaining('not taken for boss@example.com'),
    });
  });

  test('waits for no server that is silent', async () => {
    smtp = await startSmtpSink({ onMailFrom: () => undefined });
    const result = await send('email', to(smtp.port), { timeoutMs: 300 });
    expect(result).toMatchObject({
      ok: false,
      permanent: false,
      detail: 'The server did not answer in time',
    });
    expect(await send('email', to(1))).toMatchObject({
      ok: false,
      detail: '127.0.0.1:1: nobody listens there',
    });
  });
});
