import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Health, Readiness } from '@llm-monitor/contracts/rest';

import { version } from './version.ts';

/** One thing that a service needs. `detail` says, when it is not ok, what is wrong and what to do. */
export interface Check {
  name: string;
  check(): Promise<{ ok: boolean; detail: string }> | { ok: boolean; detail: string };
}

/** A check may take this long; then it counts as failed. */
const CHECK_TIMEOUT_MS = 2000;

/** The answer of `GET /health`. */
export function readHealth(service: string): Health {
  return {
    status: 'ok',
    service,
    version: version(),
    uptime: Math.round(process.uptime()),
    pid: process.pid,
    memory_rss_bytes: process.memoryUsage.rss(),
  };
}

/** The answer of `GET /ready`: all checks, run at once, each within a bound. */
export async function readReadiness(service: string, checks: readonly Check[]): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      try {
        return { name, ...(await within(CHECK_TIMEOUT_MS, Promise.resolve(check()))) };
      } catch (error) {
        return { name, ok: false, detail: (error as Error).message };
      }
    }),
  );
  const ready = results.every((result) => result.ok);
  return { status: ready ? 'ready' : 'not-ready', service, checks: results };
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Serves `/health` and `/ready` for a service that has no HTTP server of its own. */
export async function serveHealth(options: {
  service: string;
  host: string;
  port: number;
  checks: readonly Check[];
  /** Answers anything else that is asked of the port; false when it is not for it. */
  handle?(request: IncomingMessage, response: ServerResponse): boolean;
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/health') send(response, 200, readHealth(options.service));
    else if (path === '/ready') {
      void readReadiness(options.service, options.checks).then((readiness) =>
        send(response, readiness.status === 'ready' ? 200 : 503, readiness),
      );
    } else if (!options.handle?.(request, response)) {
      send(response, 404, { title: 'Not found', detail: 'Ask for /health or /ready.' });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
