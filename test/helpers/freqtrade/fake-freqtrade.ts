import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { countOf, balanceOf, configOf, profitOf, statusOf, tradesOf } from './shapes.ts';
import type { FakeTrade } from './trade.ts';

const API = '/api/v1';

export interface FakeFreqtradeState {
  /** What `/show_config` says; `webserver` has no trader. */
  state: 'running' | 'paused' | 'stopped' | 'reload_config' | 'webserver';
  botName: string;
  strategy: string;
  exchange: string;
  dryRun: boolean;
  maxOpenTrades: number;
  startingBalance: number;
  trades: FakeTrade[];
}

/** A bot that speaks Freqtrade's REST API and sends its webhooks, as version 2026.4 does. */
export interface FakeFreqtrade {
  url: string;
  /** To be changed at will. */
  bot: FakeFreqtradeState;
  /** Method and path of every request so far, and the answer's status. */
  asked: { line: string; status: number }[];
  /** Access tokens of before are refused from now on. */
  expireAccess(): void;
  /** So are refresh tokens: the bot was started anew with another secret. */
  expireAll(): void;
  /** Sends a webhook as the bot's configuration says: its fields are filled, and are texts. */
  sendWebhook(
    url: string,
    format: 'form' | 'json' | 'raw',
    fields: Record<string, string>,
  ): Promise<number>;
  close(): Promise<void>;
}

export async function startFakeFreqtrade(options: {
  username: string;
  password: string;
  port?: number;
  bot?: Partial<FakeFreqtradeState>;
}): Promise<FakeFreqtrade> {
  const bot: FakeFreqtradeState = {
    ...{ state: 'running', botName: 'freqtrade', strategy: 'LlmStrategy', exchange: 'binance' },
    ...{ dryRun: true, maxOpenTrades: 3, startingBalance: 1000, trades: [] },
    ...options.bot,
  };
  const asked: FakeFreqtrade['asked'] = [];
  let secret = randomBytes(16);
  let notBefore = 0;
  let serial = 0;

  const createToken = (type: 'access' | 'refresh') => {
    const body = Buffer.from(JSON.stringify({ type, serial: serial++ })).toString('base64url');
    return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
  };
  const isToken = (header: string | undefined, type: 'access' | 'refresh'): boolean => {
    const [body = '', signature = ''] = /^Bearer (.*)$/.exec(header ?? '')?.[1]?.split('.') ?? [];
    if (signature !== createHmac('sha256', secret).update(body).digest('base64url')) return false;
    const token = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
      type: string;
      serial: number;
    };
    return token.type === type && (type === 'refresh' || token.serial >= notBefore);
  };
  const isPassword = (header: string | undefined): boolean => {
    const said = Buffer.from(/^Basic (.*)$/.exec(header ?? '')?.[1] ?? '', 'base64');
    const right = Buffer.from(`${options.username}:${options.password}`, 'utf8');
    return said.length === right.length && timingSafeEqual(said, right);
  };

  const answer = (request: IncomingMessage): Answer => {
    const { method, headers } = request;
    const url = new URL(request.url ?? '/', 'http://bot');
    // Anything else is its user interface.
    if (!url.pathname.startsWith(API))
      return { status: 200, html: '<!doctype html><title>freqUI</title>' };
    const path = url.pathname.slice(API.length);
    if (path === '/ping') return { status: 200, body: { status: 'pong' } };
    if (method === 'POST' && path === '/token/login') {
      if (!isPassword(headers.authorization)) return unauthorized('Incorrect username or password');
      return {
        status: 200,
        body: { access_token: createToken('access'), refresh_token: createToken('refresh') },
      };
    }
    if (method === 'POST' && path === '/token/refresh') {
      if (!isToken(headers.authorization, 'refresh')) {
        return unauthorized('Could not validate credentials');
      }
      return { status: 200, body: { access_token: createToken('access') } };
    }
    if (!isToken(headers.authorization, 'access') && !isPassword(headers.authorization)) {
      return unauthorized(
        headers.authorization ? 'Could not validate credentials' : 'Unauthorized',
      );
    }
    return answerKnown(path, url.searchParams, bot);
  };

  const server = createServer((request, response) => {
    const given = answer(request);
    asked.push({ line: `${request.method} ${request.url}`, status: given.status });
    send(response, given);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ bot, asked },
    expireAccess: () => void (notBefore = serial),
    expireAll: () => void (secret = randomBytes(16)),
    async sendWebhook(url, format, fields) {
      return (await fetch(url, { method: 'POST', ...webhookBody(format, fields) })).status;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Answer {
  status: number;
  body?: unknown;
  html?: string;
}

const unauthorized = (detail: string): Answer => ({ status: 401, body: { detail } });

function answerKnown(path: string, query: URLSearchParams, bot: FakeFreqtradeState): Answer {
  if (path === '/show_config') return { status: 200, body: configOf(bot) };
  const answers: Record<string, () => unknown> = {
    '/status': () => statusOf(bot),
    '/profit': () => profitOf(bot),
    '/count': () => countOf(bot),
    '/balance': () => balanceOf(bot),
    '/trades': () => tradesOf(bot, query),
  };
  const known = answers[path];
  if (!known) return { status: 404, body: { detail: 'Not Found' } };
  // RPCException: the dependency that hands out the trader has none.
  if (bot.state === 'webserver') {
    return {
      status: 502,
      body: { error: `Error querying ${API}${path}: Bot is not in the correct state` },
    };
  }
  return { status: 200, body: known() };
}

function send(response: ServerResponse, { status, body, html }: Answer): void {
  response.writeHead(status, {
    'content-type': html === undefined ? 'application/json' : 'text/html',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(html ?? JSON.stringify(body));
}

function webhookBody(format: 'form' | 'json' | 'raw', fields: Record<string, string>) {
  if (format === 'form') return { body: new URLSearchParams(fields) };
  if (format === 'json') {
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) };
  }
  return { headers: { 'content-type': 'text/plain' }, body: fields['data'] ?? '' };
}
