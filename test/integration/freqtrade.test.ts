import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import type { Alert } from '@llm-monitor/contracts/alerts';
import type { Bot, BotDetails } from '@llm-monitor/contracts/rest';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { freePort } from '../helpers/free-port.ts';
import { startFakeFreqtrade, type FakeFreqtrade } from '../helpers/freqtrade/fake-freqtrade.ts';
import { readAsyncapi, readChannels } from '../helpers/published-channels.ts';
import { publish } from '../helpers/publish.ts';
import { connectRaw, rawRequest } from '../helpers/raw-client.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

const PASSWORD = 'Sup3r: secret è';
const TOKEN = 'webhook-token-of-alpha';
const login = { username: 'freqtrader', password: PASSWORD };
const MINUTE_MS = 60_000;

describe('the Freqtrade connector', () => {
  const startedAtMs = Date.now();
  let nats: NatsServer;
  let redis: RedisServer;
  let bus: NatsConnection;
  let alpha: FakeFreqtrade;
  let others: FakeFreqtrade[];
  let connectors: Service;
  let collector: Service;
  let api: Service;
  let alerts: Service;
  let tls: ReturnType<typeof createServer>;
  const messages: { subject: string; text: string }[] = [];

  beforeAll(async () => {
    const closed = {
      ...{ id: 1, pair: 'ETH/USDT', amount: 0.5, openRate: 2000, currentRate: 2100 },
      ...{ openedAtMs: startedAtMs - 60 * MINUTE_MS, closeRate: 2100, exitReason: 'roi' },
      closedAtMs: startedAtMs - 30 * MINUTE_MS,
    };
    const open = {
      ...{ id: 2, pair: 'BTC/USDT', amount: 0.01, openRate: 50_000, currentRate: 49_000 },
      ...{ openedAtMs: startedAtMs - 10 * MINUTE_MS, enterTag: 'llm' },
    };
    const { key, cert } = await certificate();
    tls = createServer({ key, cert }, (_, response) => response.end('{}'));
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    [nats, redis, alpha, ...others] = await Promise.all([
      ...([startNats(), startRedis()] as const),
      startFakeFreqtrade({ ...login, bot: { trades: [closed, open] } }),
      startFakeFreqtrade({ ...login, password: 'another' }),
      startFakeFreqtrade({ ...login, bot: { state: 'webserver' } }),
      startFakeFreqtrade({ ...login, bot: { state: 'stopped' } }),
    ]);
    const env = { NATS_URL: nats.url, REDIS_URL: redis.url };
    [collector, api, alerts] = await Promise.all([
      startService('collector', env, { until: 'ready' }),
      startService('api', env, { until: 'ready' }),
      startService('alerts', env),
    ]);
    bus = await connect({ servers: nats.url });
    bus.subscribe('llm.bot.>', {
      callback: (_, { subject, data }) =>
        void messages.push({ subject, text: Buffer.from(data).toString() }),
    });
    await bus.flush();
    const [wrong, noTrader, stopped] = others.map(({ url }) => url);
    const bots = [
      { name: 'alpha', url: alpha.url, webhook_token: TOKEN, apps: ['my strategy', 'scout'] },
      { name: 'wrong-password', url: wrong },
      { name: 'no-trader', url: noTrader },
      { name: 'stopped', url: stopped },
      { name: 'nobody', url: `http://127.0.0.1:${await freePort()}` },
      { name: 'not-freqtrade', url: api.url },
      { name: 'tls', url: `https://127.0.0.1:${(tls.address() as AddressInfo).port}` },
    ];
    const FREQTRADE_BOTS = JSON.stringify(bots.map((bot) => ({ ...login, interval: 1, ...bot })));
    const options = { until: 'ready' } as const;
    connectors = await startService(
      'connectors',
      { ...env, FREQTRADE_BOTS, LOG_LEVEL: 'info' },
      options,
    );
  });
  afterAll(async () => {
    await bus.close();
    await Promise.all([connectors, collector, api, alerts].map((service) => service.stop()));
    await Promise.all([alpha.close(), ...others.map((other) => other.close())]);
    tls.close();
    await Promise.all([nats.stop(), redis.stop()]);
  });

  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(api.url + path)).json()) as T;
  const bot = async (name: string) =>
    (await get<Bot[]>('/api/bots')).find((one) => one.name === name);
  const details = () => get<BotDetails>('/api/bots/alpha');
  const expectBot = (name: string, expected: object) =>
    waitFor(`${name} to be shown`, async () => {
      const shown = await bot(name);
      expect(shown).toMatchObject(expected);
      return shown;
    });
  const webhookUrl = (token = TOKEN) => `${connectors.url}/freqtrade/alpha/${token}`;

  test('shows what a bot does', async () => {
    await expectBot('alpha', {
      ...{ online: true, problem: null, state: 'running', dry_run: true, exchange: 'binance' },
      ...{ strategy: 'LlmStrategy', version: '2026.4', stake_currency: 'USDT' },
      ...{ open_trade_count: 1, max_open_trades: 3, apps: ['my strategy', 'scout'] },
      open_trades: [
        {
          ...{ trade_id: '2', pair: 'BTC/USDT', amount: 0.01, stake_amount: 500 },
          ...{ profit: -10, profit_percent: -2, enter_tag: 'llm', is_short: false },
          opened_at: new Date(startedAtMs - 10 * MINUTE_MS).toISOString(),
        },
      ],
      profit: { closed: 50, closed_percent: 5, all: 40, closed_trades: 1, winning_trades: 1 },
      balance: { total: 1050, currency: 'USDT', value: 1050, fiat: 'USD' },
    });
  });

  test.each([
    ['wrong-password', 'login', /refuses the login of "freqtrader".*api_server/],
    ['nobody', 'unreachable', /ECONNREFUSED.*Does the bot run/],
    ['not-freqtrade', 'not-freqtrade', /is no Freqtrade.*address/],
    ['tls', 'tls', /"ca"/],
  ])('says of %s that it is not there, and why: %s', async (name, kind, detail) => {
    await expectBot(name, {
      ...{ online: false, state: null, open_trades: [], profit: null, answered_at: null },
      problem: { kind, detail: expect.stringMatching(detail) },
    });
  });

  test('tells a bot that does not trade from one that is away', async () => {
    await expectBot('no-trader', {
      ...{ online: true, state: null, strategy: null, profit: null },
      problem: { kind: 'not-trading', detail: expect.stringMatching(/not in the correct state/) },
    });
    const empty = { closed: 0, all: 0, closed_trades: 0 };
    await expectBot('stopped', { online: true, problem: null, state: 'stopped', profit: empty });
  });

  test('shows trades that ended before it looked, and the calls of their time', async () => {
    const call = aCall({ app: 'my strategy', model: 'llama3.2' });
    await publish(bus, [call.started(), call.completed(), aCall({ app: 'other' }).completed()]);
    const shown = await waitFor('the trades', async () => {
      const now = await details();
      expect(now.trades.map(({ trade_id, status }) => [trade_id, status])).toEqual([
        ['2', 'open'],
        ['1', 'closed'],
      ]);
      expect(now.calls.map(({ app }) => app)).toEqual(['my_strategy']);
      expect(now.profit_series.at(-1)).toMatchObject({ closed: 50, all: 40, open_trades: 1 });
      return now;
    });
    expect(shown.trades[1]).toMatchObject({
      ...{ profit: 50, profit_percent: 5, exit_reason: 'roi', close_rate: 2100 },
      closed_at: new Date(startedAtMs - 30 * MINUTE_MS).toISOString(),
    });
    const [first] = shown.trades[0]?.calls ?? [];
    expect(first?.app).toBe('my_strategy');
    expect(await get<unknown[]>(first?.link ?? '')).toHaveLength(1);
  });

  test('logs in once, renews what ran out, and logs in anew when that is refused', async () => {
    const logins = () => alpha.asked.filter(({ line }) => line.endsWith('/token/login')).length;
    const renewals = () => alpha.asked.filter(({ line }) => line.endsWith('/token/refresh'));
    const pollsAfter = async (count: number) =>
      await waitFor('another poll', () => {
        const polls = alpha.asked.filter(
          ({ line, status }) => line.endsWith('/count') && status === 200,
        );
        return polls.length > count && polls.length;
      });
    let polls = await pollsAfter(0);
    expect(logins()).toBe(1);
    alpha.expireAccess();
    polls = await pollsAfter(polls + 1);
    expect([logins(), renewals().map(({ status }) => status)]).toEqual([1, [200]]);
    alpha.expireAll();
    await pollsAfter(polls + 1);
    expect([logins(), renewals().map(({ status }) => status)]).toEqual([2, [200, 401]]);
    // And nobody noticed.
    const samples = messages.filter(({ subject }) => subject === 'llm.bot.sampled.alpha');
    expect(samples.filter(({ text }) => text.includes('"problem"'))).toEqual([]);
    expect(samples.length).toBeGreaterThan(2);
  });

  test('follows a trade by webhooks in every format', async () => {
    const exit = {
      ...{ type: 'exit', trade_id: '2', pair: 'BTC/USDT', exit_reason: 'llm said so' },
      ...{ limit: '49500.0', profit_ratio: '-0.01' },
    };
    const entry = { type: 'entry', trade_id: '3', pair: 'ADA/USDT', limit: '0.5', enter_tag: 'x' };
    expect(await alpha.sendWebhook(webhookUrl(), 'form', exit)).toBe(204);
    expect(await alpha.sendWebhook(webhookUrl(), 'json', entry)).toBe(204);
    expect(await alpha.sendWebhook(webhookUrl(), 'raw', { data: 'process died' })).toBe(204);
    await waitFor('the trades', async () => {
      const { trades, messages: said } = await details();
      expect(trades.find(({ trade_id }) => trade_id === '2')?.status).toBe('closing');
      expect(trades.find(({ trade_id }) => trade_id === '3')).toMatchObject({
        ...{ status: 'opening', open_rate: 0.5, profit: null },
      });
      expect(said.map(({ text }) => text)).toEqual(['process died']);
      return true;
    });
    // The bot's own list then says how it ended, though no webhook did.
    Object.assign(alpha.bot.trades[1] ?? {}, {
      ...{ closeRate: 49_500, closedAtMs: Date.now(), exitReason: 'llm said so' },
    });
    await waitFor('its end', async () => {
      const trade = (await details()).trades.find(({ trade_id }) => trade_id === '2');
      expect(trade).toMatchObject({ status: 'closed', profit: -5, profit_percent: -1 });
      return true;
    });
  });

  test('takes webhooks from nobody else, and nothing that is none', async () => {
    const send = async (url: string, init: RequestInit) => {
      const response = await fetch(url, { method: 'POST', ...init });
      return {
        status: response.status,
        detail: ((await response.json()) as { detail: string }).detail,
      };
    };
    const body = JSON.stringify({ type: 'status', status: 'x' });
    const json = { headers: { 'content-type': 'application/json' } };
    expect((await send(webhookUrl('webhook-token-of-beta_'), { body, ...json })).status).toBe(404);
    const unknown = `${connectors.url}/freqtrade/stopped/${TOKEN}`;
    expect((await send(unknown, { body, ...json })).status).toBe(404);
    expect((await send(webhookUrl(), { method: 'PUT', body, ...json })).status).toBe(405);
    // A bot reads no answer before it has sent all of it.
    const { pathname } = new URL(webhookUrl());
    const large = 'x'.repeat(5_000_000);
    const client = await connectRaw(connectors.url);
    client.socket.pause();
    client.write(rawRequest(`POST ${pathname}`, [`Content-Length: ${large.length}`], large));
    await Promise.race([once(client.socket, 'drain'), client.ended]);
    client.socket.resume();
    expect(await client.ended).toBe('closed');
    expect(client.text()).toMatch(/^HTTP\/1.1 413 .*A webhook has at most 65536 bytes/s);
    expect(await send(webhookUrl(), { body: '{}', ...json })).toEqual({
      ...{ status: 400, detail: expect.stringContaining('"entry_fill": {"type": "entry_fill"') },
    });
  });

  test('shows when a bot goes away and comes back', async () => {
    const port = Number(new URL(alpha.url).port);
    const { bot: state } = alpha;
    await alpha.close();
    await expectBot('alpha', {
      ...{ online: false, strategy: 'LlmStrategy', open_trades: [] },
      problem: { kind: 'unreachable' },
    });
    expect((await bot('stopped'))?.online).toBe(true);
    alpha = await startFakeFreqtrade({ ...login, port, bot: { ...state, state: 'paused' } });
    await expectBot('alpha', { online: true, problem: null, state: 'paused' });
  });

  test('says how it goes in /ready, is ready all the same, and tells no secret anywhere', async () => {
    const ready = await fetch(`${connectors.url}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toMatch(/2 of 7 bots answer.*wrong-password: login/);
    const channels = readChannels(readAsyncapi());
    for (const { subject, text } of messages) {
      expect(channels.find((one) => one.fits(subject))?.problemsOf(text, subject), text).toEqual(
        [],
      );
    }
    const said = [connectors.output(), ...messages.map(({ text }) => text)].join('\n');
    expect(said).toMatch(/the bot answers/);
    expect(said).not.toMatch(/Sup3r|webhook-token|access_token|Basic |Bearer /);
    expect(new Set(messages.map(({ subject }) => subject))).toContain('llm.bot.trade.alpha');
  });

  test('has a ready rule for each bot that is down, and none for those that answer', async () => {
    // One was away a moment ago, and is not held against it for long.
    const items = await waitFor('the rule to find just them', async () => {
      const { items: all } = await get<{ items: Alert[] }>('/api/alerts');
      const found = all.filter(({ rule }) => rule === 'bot-down');
      const down = found.map(({ of }) => of['bot'] ?? '');
      expect(new Set(down)).toEqual(new Set(['wrong-password', 'nobody', 'not-freqtrade', 'tls']));
      return found;
    });
    expect(items[0]?.link).toMatch(/^\/bots\?from=.*&bot=/);
  });

  test('asks a bot to send again what cannot be stored', async () => {
    await nats.kill();
    const status = await alpha.sendWebhook(webhookUrl(), 'json', { type: 'status', status: 'x' });
    expect(status).toBe(503);
    await nats.restart();
  });
});

async function certificate(): Promise<{ key: string; cert: string }> {
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
  return { key: made.private, cert: made.cert };
}
