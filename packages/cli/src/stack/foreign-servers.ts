import type { Readiness } from '@llm-monitor/contracts/rest';

/** A server that the environment names: whoever runs it may start it later than the stack. */
export interface ForeignServer {
  /** What a service's readiness calls it. */
  check: 'nats' | 'redis';
  title: string;
  variable: string;
  /** Without credentials. */
  address: string;
}

/** Tells for which servers of others a stack waits, and why. */
export interface ForeignWatch {
  /** What a service that needs them all said last. */
  hear(checks: Readiness['checks']): void;
  /** Is one of them not there? */
  isWaiting(): boolean;
}

/** Starting at the same time is no trouble yet. */
const SAY_AFTER_MS = 2000;

export function watchForeignServers(
  servers: readonly ForeignServer[],
  { say, nowMs }: { say(text: string): void; nowMs: () => number },
): ForeignWatch {
  const away = new Map<ForeignServer, { sinceMs: number; said: Set<string> }>();
  return {
    hear(checks) {
      for (const server of servers) {
        const check = checks.find(({ name }) => name === server.check);
        if (!check) continue;
        const before = away.get(server);
        if (check.ok) {
          away.delete(server);
          if (before && before.said.size > 0) say(`${server.title} is there.`);
          continue;
        }
        const now = before ?? { sinceMs: nowMs(), said: new Set<string>() };
        away.set(server, now);
        if (nowMs() - now.sinceMs < SAY_AFTER_MS || now.said.has(check.detail)) continue;
        now.said.add(check.detail);
        say(explain(server, check.detail));
      }
    },
    isWaiting: () => away.size > 0,
  };
}

function explain({ title, variable, address }: ForeignServer, detail: string): string {
  return [
    `Waiting for ${title} at ${address}: ${detail}`,
    `It goes on by itself once ${title} is there. Without ${variable} it starts one of its own.`,
  ].join('\n');
}
