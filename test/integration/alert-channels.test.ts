import { createChannelWays, type ChannelWays } from '@llm-monitor/alerts/delivery';
import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { anAlert, HOSTILE_NAME } from '../helpers/an-alert.ts';
import { startHttpSink, type HttpSink } from '../helpers/http-sink.ts';
import {
  BOT_TOKEN,
  channelSettings,
  HTTP_KINDS,
  sendByChannel,
  SIGNING_SECRET,
  type Sent,
  type Settings,
} from '../helpers/send-by-channel.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';

let nats: NatsServer;
let bus: NatsConnection;
let ways: ChannelWays;
let sink: HttpSink;

beforeAll(async () => {
  [nats, sink] = await Promise.all([startNats(), startHttpSink()]);
  bus = await connect({ servers: nats.url });
  const streams = (await jetstreamManager(bus)).streams;
  await streams.add(STREAM_DEFINITIONS.find(({ name }) => name === STREAMS.alerts)!);
  ways = createChannelWays({ bus, version: '1.2.3', now: () => Date.now() });
});
afterEach(() => sink.reset());
afterAll(async () => {
  await ways.close();
  await bus.close();
  await Promise.all([sink.close(), nats.stop()]);
});

const send = (kind: string, settings: Settings, sent?: Sent) =>
  sendByChannel(ways, kind, settings, sent);
const settingsOf = (kind: string) => channelSettings(kind, sink.url);

/** What Discord takes. */
interface Embed {
  title: string;
  fields: { name: string; value: string }[];
}

/** The only request that came. */
function only() {
  expect(sink.requests).toHaveLength(1);
  const [request] = sink.requests;
  if (!request) throw new Error('no request');
  expect(request.method).toBe('POST');
  expect(request.headers['content-type']).toBe('application/json');
  expect(request.headers['user-agent']).toBe('llm-monitor/1.2.3');
  return request;
}

describe('what the other side gets', () => {
  test('Slack: blocks, and a text for notifications', async () => {
    expect(await send('slack', settingsOf('slack'))).toEqual({ ok: true, detail: 'HTTP 200: ok' });
    const { path, body } = only();
    expect(path).toBe('/services/T000/B000/secret-of-slack');
    expect(body).toEqual({
      text: '🔴 Critical: Too many failures (phi3)',
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        {
          type: 'header',
          text: { type: 'plain_text', text: '🔴 Critical: Too many failures (phi3)', emoji: false },
        },
        {
          type: 'section',
          text: {
            type: 'plain_text',
            text: 'Value: 12.5 % (fires &lt; 90 %)\nMetric: success_rate, last 5 min\nModel: phi3\nSince: 2026-05-01 10:00 UTC',
            emoji: false,
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              verbatim: true,
              text: '<https://monitor.example/history?model=phi3|Open LLM Monitor>',
            },
          ],
        },
      ],
    });
  });

  test('Discord: an embed, and nobody is pinged', async () => {
    sink.answer({ status: 204 });
    expect(await send('discord', settingsOf('discord'))).toEqual({ ok: true, detail: 'HTTP 204' });
    expect(only().body).toEqual({
      content: '',
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: '🔴 Critical\\: Too many failures \\(phi3\\)',
          url: 'https://monitor.example/history?model=phi3',
          color: 0xd55e00,
          fields: [
            { name: 'Value', value: '12.5 % \\(fires \\< 90 %\\)', inline: true },
            { name: 'Metric', value: 'success\\_rate, last 5 min', inline: true },
            { name: 'Model', value: 'phi3', inline: true },
            { name: 'Since', value: '2026\\-05\\-01 10\\:00 UTC', inline: true },
          ],
        },
      ],
    });
  });

  test('Telegram: HTML, the token in the address as its API wants it', async () => {
    sink.answer({ status: 200, body: '{"ok":true,"result":{"message_id":7}}' });
    const topic = { ...settingsOf('telegram'), topic: 42 };
    expect((await send('telegram', topic, { language: 'it' })).ok).toBe(true);
    const { path, body } = only();
    expect(path).toBe(`/bot${BOT_TOKEN}/sendMessage`);
    expect(body).toEqual({
      ...{ chat_id: '-1001234567890', message_thread_id: 42, parse_mode: 'HTML' },
      link_preview_options: { is_disabled: true },
      disable_notification: false,
      text: [
        '<b>🔴 Critico: Too many failures (phi3)</b>',
        'Valore: 12,5 % (soglia: &lt; 90 %)\nMisura: success_rate, ultimi 5 min',
        'Modello: phi3\nDa: 2026-05-01 10:00 UTC\n',
        '<a href="https://monitor.example/history?model=phi3">Apri LLM Monitor</a>',
      ].join('\n'),
    });
  });

  test('ntfy: JSON at the root, priority and tag by severity', async () => {
    sink.answer({ status: 200, body: '{"id":"x"}' });
    await send('ntfy', settingsOf('ntfy'));
    const { path, headers, body } = only();
    expect(path).toBe('/');
    expect(headers).toMatchObject({
      authorization: 'Bearer tk_secret_of_ntfy',
      'x-sequence-id': 'message-1',
    });
    expect(body).toEqual({
      ...{ topic: 'secret-topic', title: 'Critical: Too many failures (phi3)' },
      ...{ tags: ['red_circle'], priority: 5, click: 'https://monitor.example/history?model=phi3' },
      message: expect.stringContaining('Value: 12.5 % (fires < 90 %)\n'),
    });
    sink.requests.length = 0;
    const resolved = [anAlert('resolved', { resolvedAt: '2026-05-01T10:04:00.000Z' })];
    await send('ntfy', settingsOf('ntfy'), { notifications: resolved });
    expect(only().body).toMatchObject({ tags: ['white_check_mark'], priority: 3 });
  });

  test('a webhook: signed, so that the library of Standard Webhooks takes it', async () => {
    const settings = { ...settingsOf('webhook'), authorization: 'Bearer abc' };
    const notification = anAlert('again');
    await send('webhook', settings, { notifications: [notification] });
    const { path, headers, raw } = only();
    expect(path).toBe('/hook?key=secret-of-hook');
    expect(headers).toMatchObject({ authorization: 'Bearer abc', 'webhook-id': 'message-1' });
    const given = headers as Record<string, string>;
    expect(new Webhook(SIGNING_SECRET).verify(raw, given)).toEqual({
      ...{ type: 'alert.again', timestamp: '2026-05-01T10:05:00.000Z' },
      data: {
        ...{ channel: 'team', severity: 'critical' },
        title: 'Still critical: Too many failures (phi3)',
        text: expect.stringContaining('Value: 12.5 %'),
        link: 'https://monitor.example/history?model=phi3',
        alerts: [{ what: 'again', ...notification.alert }],
      },
    });
    expect(() => new Webhook(SIGNING_SECRET).verify(`${raw} `, given)).toThrow(/signature/i);
  });

  test('NATS: an event with the finished text, at a subject of its own', async () => {
    const subscription = bus.subscribe('llm.alert.notified.>', { max: 1 });
    const result = await send('nats', { subject: 'kitchen.display' }, { language: 'it' });
    expect(result).toEqual({
      ok: true,
      detail: 'llm.alert.notified.team.kitchen.display: stored in LLM_ALERTS as 1',
    });
    for await (const message of subscription) {
      expect(message.subject).toBe('llm.alert.notified.team.kitchen.display');
      expect(message.json()).toMatchObject({
        ...{ specversion: '1.0', id: 'message-1', type: 'llm.alert.notified.v1' },
        data: {
          ...{ channel: 'team', what: 'fired', severity: 'critical' },
          title: 'Critico: Too many failures (phi3)',
          text: expect.stringMatching(/^🔴 Critico: Too many failures \(phi3\)\nValore: 12,5 %/),
        },
      });
    }
  });

  test('all of a storm, within what each takes', async () => {
    const storm = Array.from({ length: 100 }, (_, index) =>
      anAlert('fired', { name: `${HOSTILE_NAME} ${'x'.repeat(200)}`, of: { model: `m-${index}` } }),
    );
    for (const kind of HTTP_KINDS) {
      expect(await send(kind, settingsOf(kind), { notifications: storm }), kind).toMatchObject({
        ok: true,
      });
    }
    const [slack, discord, telegram, ntfy, webhook] = sink.requests.map(({ body }) => body);
    expect(slack?.['blocks']).toHaveLength(23);
    expect(discord?.['embeds']).toHaveLength(10);
    // All texts of embeds together may have 6,000 signs.
    const embeds = discord?.['embeds'] as Embed[];
    const texts = embeds.flatMap(({ title, fields }) => [
      title,
      ...fields.flatMap(({ name, value }) => [name, value]),
    ]);
    expect(texts.join('').length).toBeLessThan(6000);
    expect(String(telegram?.['text']).length).toBeLessThan(4096);
    expect(String(telegram?.['text'])).toContain('<b>🔴 100 alerts fire</b>');
    expect(String(telegram?.['text'])).toContain('more');
    expect(Buffer.byteLength(String(ntfy?.['message']))).toBeLessThan(4096);
    expect(webhook).toMatchObject({ type: 'alert.several', data: { title: '100 alerts fire' } });
  });
});

describe('a hostile name', () => {
  const hostile = () => [
    anAlert('fired', {
      name: HOSTILE_NAME,
      metric: HOSTILE_NAME,
      of: { model: HOSTILE_NAME, [HOSTILE_NAME]: 'x' },
    }),
  ];

  test('mentions nobody and forms nothing in Slack', async () => {
    await send('slack', settingsOf('slack'), { notifications: hostile() });
    const texts = only().raw;
    expect(texts).toContain('&lt;!channel&gt;');
    // Two marks of our own: the link around words of ours.
    expect(texts.match(/</g)).toEqual(['<']);
    expect(texts).not.toMatch(/"type":"mrkdwn"[^}]*channel/);
  });

  test('mentions nobody and forms nothing in Discord', async () => {
    await send('discord', settingsOf('discord'), { notifications: hostile() });
    const { body } = only();
    expect(body['allowed_mentions']).toEqual({ parse: [] });
    const [embed] = body['embeds'] as Embed[];
    for (const text of [embed?.title, ...(embed?.fields ?? []).flatMap(Object.values)]) {
      if (typeof text === 'string') expect(text.replace(/\\./g, '')).not.toMatch(/[<>@*_`~[\]#|]/);
    }
    expect(embed?.title).toContain(String.raw`\@everyone \<\@1\> \*b\* \[l\]\(http\://x\)`);
  });

  test('of signs that are escaped alone makes no message longer than Slack and Discord take', async () => {
    const notifications = Array.from({ length: 10 }, (_, index) =>
      anAlert('fired', {
        name: `${index}${'*&'.repeat(100)}`,
        of: Object.fromEntries(['model', 'app', 'host'].map((kind) => [kind, '&_'.repeat(100)])),
      }),
    );
    for (const some of [notifications.slice(0, 1), notifications]) {
      await send('slack', settingsOf('slack'), { notifications: some });
      await send('discord', settingsOf('discord'), { notifications: some });
    }
    for (const { body } of sink.requests) {
      for (const { type, text } of (body['blocks'] ?? []) as { type: string; text?: object }[]) {
        const { length } = (text as { text: string } | undefined)?.text ?? '';
        expect(length, type).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
      }
      const embeds = (body['embeds'] ?? []) as Embed[];
      for (const { title } of embeds) expect(title.length).toBeLessThanOrEqual(256);
      const texts = embeds.flatMap(({ title, fields }) => [
        title,
        ...fields.flatMap(Object.values),
      ]);
      expect(texts.join('').length).toBeLessThan(6000);
    }
  });

  test('is text in the HTML of Telegram', async () => {
    await send('telegram', settingsOf('telegram'), { notifications: hostile() });
    const text = String(only().body['text']);
    const marks = text.match(/<[^>]*>/g);
    expect(marks).toEqual([
      '<b>',
      '</b>',
      '<a href="https://monitor.example/history?model=phi3">',
      '</a>',
    ]);
  });

  test('is data of JSON for ntfy and webhooks, in no header and no address', async () => {
    for (const kind of ['ntfy', 'webhook']) {
      sink.reset();
      await send(kind, settingsOf(kind), { notifications: hostile() });
      const { headers, path } = only();
      expect(JSON.stringify([headers, path])).not.toMatch(/channel|Bcc|calc/);
    }
  });
});
