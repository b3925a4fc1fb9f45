import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { parseAllowedHosts } from '@llm-monitor/runtime';

import { startApi, type RunningApi } from './start-api.ts';

/** Fastify says it each time. */
const HANDLER_STARTS = 'tracing:fastify.request.handler:start';
const NOW_MS = Date.parse('2026-05-01T10:00:00Z');

/** What was answered over one connection, without the time of day; `handled` says how many requests Fastify gave to a route of its own. */
export interface Exchange {
  text: string;
  handled: number;
}

/** Two APIs over one Redis and one clock that stands: one has the quick way, the other answers everything by Fastify. */
export interface BothWays {
  quick: RunningApi;
  slow: RunningApi;
  clock: { elapsedMs: number };
  /** Sends the same bytes to both, one after the other. */
  send(bytes: string): Promise<{ quick: Exchange; slow: Exchange }>;
  close(): Promise<void>;
}

type Parts = Parameters<typeof startApi>[0];

/** Both have an answer of `/api/status` ready. */
export async function startBothWays(
  parts: Pick<Parts, 'redisUrl'> & Partial<Parts>,
): Promise<BothWays> {
  const clock = { elapsedMs: 0 };
  const start = (hasQuickWay: boolean) =>
    startApi({
      shards: 1,
      allowedHosts: parseAllowedHosts(''),
      now: () => NOW_MS,
      elapsedMs: () => clock.elapsedMs,
      ...parts,
      hasQuickWay,
    });
  const [quick, slow] = [await start(true), await start(false)];
  const isSecure = parts.tls !== undefined;
  const send = async (bytes: string) => ({
    quick: await exchange(quick.url, bytes, isSecure),
    slow: await exchange(slow.url, bytes, isSecure),
  });
  const token = parts.tokens?.operator ?? '';
  await send(aRequest([`Authorization: Bearer ${token}`]));
  return {
    quick,
    slow,
    clock,
    send,
    close: async () => void (await Promise.all([quick.close(), slow.close()])),
  };
}

/** `GET /api/status`, on a connection that ends with it. */
export function aRequest(headers: readonly string[] = [], start = 'GET /api/status'): string {
  return [`${start} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join(
    '\r\n',
  );
}

async function exchange(url: string, bytes: string, isSecure: boolean): Promise<Exchange> {
  const port = Number(new URL(url).port);
  let handled = 0;
  const count = () => void (handled += 1);
  subscribe(HANDLER_STARTS, count);
  try {
    const text = await new Promise<string>((resolve, reject) => {
      const parts: Buffer[] = [];
      const at = { port, host: '127.0.0.1' };
      const socket = isSecure ? connectTls({ ...at, rejectUnauthorized: false }) : connectTcp(at);
      socket.on('data', (part: Buffer) => parts.push(part));
      socket.once('error', reject);
      socket.once('close', () => resolve(Buffer.concat(parts).toString('latin1')));
      socket.write(Buffer.from(bytes, 'latin1'));
    });
    return { text: text.replaceAll(/^Date: .*$/gm, 'Date: …'), handled };
  } finally {
    unsubscribe(HANDLER_STARTS, count);
  }
}
