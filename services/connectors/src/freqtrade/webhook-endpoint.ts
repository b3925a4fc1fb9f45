import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { createRateLimiter, type Logger } from '@llm-monitor/runtime';

import type { BotPublisher } from './bot-publisher.ts';
import type { Bot } from './bots-config.ts';
import { readWebhook } from './read-webhook.ts';

const PATH = /^\/freqtrade\/([A-Za-z0-9_-]{1,64})\/([\w-]{1,1024})$/;
const MAX_BYTES = 64 * 1024;
const MAX_READ_BYTES = 8 * 1024 * 1024;
/** Far above what a bot trades, and far below what would fill a disk. */
const PER_SECOND = 20;
const BURST = 200;

/** Takes `POST /freqtrade/<bot>/<token>`. Answers well only once the broker has stored what was said. */
export function createWebhookEndpoint(options: {
  bots: readonly Bot[];
  publisher(): BotPublisher | undefined;
  log: Logger;
  /** monotonic ms */
  elapsedMs(): number;
}): (request: IncomingMessage, response: ServerResponse) => boolean {
  const { bots, log } = options;
  const tokens = new Map(
    bots.flatMap(({ name, webhookToken }) =>
      webhookToken === undefined ? [] : [[name, digest(webhookToken)] as const],
    ),
  );
  const limiter = createRateLimiter({
    ...{ perSecond: PER_SECOND, burst: BURST },
    now: options.elapsedMs,
  });

  const take = async (bot: string, request: IncomingMessage): Promise<Answer> => {
    if (limiter.take(bot) > 0) return refuse(429, 'Too many webhooks of this bot. Try later.');
    const body = await readBody(request);
    if (body === undefined) return refuse(413, `A webhook has at most ${MAX_BYTES} bytes.`);
    const type = request.headers['content-type'] ?? 'text/plain';
    const webhook = readWebhook(type, body);
    if ('problem' in webhook) {
      log.warn({ bot, problem: webhook.problem }, 'a webhook could not be used');
      return refuse(400, webhook.problem);
    }
    const publisher = options.publisher();
    try {
      if (!publisher) throw new Error('NATS is not connected yet');
      await publisher.trade({ bot, ...webhook.trade });
      return { status: 204 };
    } catch (err) {
      log.warn({ err, bot }, 'a webhook could not be stored; the bot is asked to send it again');
      return refuse(503, 'The monitor cannot store it now. Send it again.');
    }
  };

  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (!path.startsWith('/freqtrade/')) return false;
    const [, bot = '', token = ''] = PATH.exec(path) ?? [];
    const expected = tokens.get(bot);
    // Whether a bot is known is told to those who know its token.
    if (!expected || !timingSafeEqual(expected, digest(token))) {
      send(response, refuse(404, 'There is no bot with this token. Compare webhook_token.'));
    } else if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      send(response, refuse(405, 'Webhooks are sent by POST.'));
    } else {
      void take(bot, request).then(
        (answer) => send(response, answer),
        () => response.destroy(),
      );
    }
    return true;
  };
}

interface Answer {
  status: number;
  detail?: string;
}

const refuse = (status: number, detail: string): Answer => ({ status, detail });

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Undefined when it is too large. It is read to its end all the same, and thrown away, within a bound: who still sends does not listen, and
 * would see a broken connection instead of the answer.
 */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > MAX_READ_BYTES) return undefined;
    if (bytes <= MAX_BYTES) parts.push(part as Buffer);
  }
  if (bytes > MAX_BYTES) return undefined;
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, { status, detail }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...(detail === undefined ? {} : { 'content-type': 'application/problem+json' }),
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(detail === undefined ? undefined : JSON.stringify({ status, detail }));
}
