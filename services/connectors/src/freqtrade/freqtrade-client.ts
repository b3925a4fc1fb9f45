import { Agent, fetch, type RequestInit, type Response } from 'undici';

import { BotError, toBotError } from './bot-error.ts';
import type { Bot } from './bots-config.ts';

const API = '/api/v1';
const DEFAULT_TIMEOUT_MS = 10_000;
/** A bot with hundreds of trades and their orders stays well below. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_SAID = 200;

/** Reads one bot's REST API. Logs in when it must, renews what ran out, and keeps its tokens to itself. */
export interface FreqtradeClient {
  /** @throws {BotError} */
  get(path: string): Promise<unknown>;
  close(): Promise<void>;
}

interface Tokens {
  access: string;
  refresh: string;
}

export function createFreqtradeClient(
  bot: Pick<Bot, 'url' | 'username' | 'password' | 'ca'>,
  options: { timeoutMs?: number } = {},
): FreqtradeClient {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const dispatcher = new Agent({
    connections: 4,
    ...(bot.ca === undefined ? {} : { connect: { ca: bot.ca } }),
  });
  let tokens: Tokens | undefined;
  let loggingIn: Promise<Tokens> | undefined;

  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const url = `${bot.url}${API}${path}`;
    try {
      const response = await fetch(url, {
        ...init,
        dispatcher,
        // Elsewhere a password or token would be told to somebody else.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: response.status, body: await readJson(response) };
    } catch (error) {
      throw toBotError(error, bot.url, timeoutMs);
    }
  };

  const logIn = async (): Promise<Tokens> => {
    // Before a password goes out: is it Freqtrade at all?
    const ping = await ask('/ping', {});
    if (ping.status !== 200 || textOf(ping.body, 'status') !== 'pong') {
      throw notFreqtrade(bot.url, ping.status);
    }
    const { status, body } = await ask('/token/login', {
      method: 'POST',
      headers: { authorization: basic(bot.username, bot.password) },
    });
    if (status === 401) {
      throw new BotError(
        'login',
        `${bot.url} refuses the login of "${bot.username}": username and password must be those of api_server in the bot's configuration.`,
      );
    }
    const access = textOf(body, 'access_token');
    const refresh = textOf(body, 'refresh_token');
    if (status !== 200 || !access || !refresh) throw refusal(bot.url, '/token/login', status, body);
    return { access, refresh };
  };

  const renew = async (old: Tokens): Promise<Tokens> => {
    const { status, body } = await ask('/token/refresh', {
      method: 'POST',
      headers: { authorization: `Bearer ${old.refresh}` },
    });
    const access = textOf(body, 'access_token');
    return status === 200 && access ? { ...old, access } : await logIn();
  };

  /** Several questions at once log in once. */
  const tokensAfter = async (old: Tokens | undefined): Promise<Tokens> => {
    if (tokens && tokens !== old) return tokens;
    loggingIn ??= (old ? renew(old) : logIn()).finally(() => (loggingIn = undefined));
    tokens = await loggingIn;
    return tokens;
  };

  const getWith = (path: string, { access }: Tokens) =>
    ask(path, { headers: { authorization: `Bearer ${access}` } });

  return {
    async get(path) {
      const held = await tokensAfter(undefined);
      let answer = await getWith(path, held);
      if (answer.status === 401) answer = await getWith(path, await tokensAfter(held));
      if (answer.status === 200) return answer.body;
      if (answer.status === 401) tokens = undefined;
      throw refusal(bot.url, path, answer.status, answer.body);
    },
    close: () => dispatcher.destroy(),
  };
}

interface Answer {
  status: number;
  /** Undefined when it was no JSON. */
  body: unknown;
}

const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;

/** @throws {BotError} when it is larger than any bot's */
async function readJson(response: Response): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) {
      throw new BotError('refused', `an answer of the bot is larger than ${MAX_BYTES} bytes`);
    }
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
}

function textOf(body: unknown, field: string): string | undefined {
  const value = (body as Record<string, unknown> | null | undefined)?.[field];
  return typeof value === 'string' ? value : undefined;
}

function notFreqtrade(url: string, status: number): BotError {
  return new BotError(
    'not-freqtrade',
    `${url} is no Freqtrade: its ${API}/ping answered ${status} and not "pong". Is the address that of the bot's api_server?`,
  );
}

/** 502 and, since 2024, 503: the API is there and the trader is not. */
function refusal(url: string, path: string, status: number, body: unknown): BotError {
  const said = (textOf(body, 'error') ?? textOf(body, 'detail') ?? '').slice(0, MAX_SAID);
  const answer = `${url}${API}${path} answered ${status}${said ? `: ${said}` : ''}`;
  if (status === 502 || status === 503) {
    return new BotError('not-trading', `${answer}. The bot's trader does not run yet, or failed.`);
  }
  if (body === undefined || status === 404) return notFreqtrade(url, status);
  return new BotError('refused', answer);
}
