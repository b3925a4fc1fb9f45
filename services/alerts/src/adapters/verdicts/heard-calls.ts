import { ALL_PROGRESS } from '@llm-monitor/contracts/bus';
import type { RequestEndedData } from '@llm-monitor/contracts/events';
import type { StoredProgress } from '@llm-monitor/contracts/redis';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';

import { parseCompletedMessage, parseProgressMessage } from '../../core/verdicts/parse-heard.ts';

const ALL_COMPLETED = 'llm.request.completed.>';
const MAX_CALLS = 10_000;

/** Hears on the bus how calls go: at the moment, and not a second or an outage of the collectors later. */
export interface HeardCalls {
  /** Does nothing where it listens already. */
  listen(): void;
  progressOf(member: string): StoredProgress | undefined;
  /** Calls that ended well since this was last asked. */
  takeCompleted(): { app: string; data: RequestEndedData; endedAtMs: number }[];
  /** Forgets all calls but these. */
  keep(members: ReadonlySet<string>): void;
  /** Since when nothing can have been missed; Infinity while it does not listen. */
  sinceMs(): number;
  stop(): void;
}

export function hearCalls(connection: NatsConnection, nowMs: () => number): HeardCalls {
  const heard = new Map<string, StoredProgress>();
  let completed: ReturnType<HeardCalls['takeCompleted']> = [];
  let subscriptions: Subscription[] = [];
  let sinceMs = Infinity;

  const followStatus = async () => {
    for await (const status of connection.status()) {
      if (subscriptions.length === 0) continue;
      if (status.type === 'disconnect') sinceMs = Infinity;
      if (status.type === 'reconnect' || status.type === 'slowConsumer') sinceMs = nowMs();
    }
  };
  void followStatus();
  const stop = () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
    subscriptions = [];
    heard.clear();
    completed = [];
    sinceMs = Infinity;
  };
  return {
    listen() {
      if (subscriptions.length > 0) return;
      sinceMs = nowMs();
      subscriptions = [
        connection.subscribe(ALL_PROGRESS, {
          callback: (error, message) => {
            if (error) return;
            const told = parseProgressMessage(message.subject, message.data, nowMs());
            if (told && (heard.has(told.member) || heard.size < MAX_CALLS)) {
              heard.set(told.member, told.progress);
            }
          },
        }),
        connection.subscribe(ALL_COMPLETED, {
          callback: (error, message) => {
            if (error || completed.length >= MAX_CALLS) return;
            const told = parseCompletedMessage(message.subject, message.data);
            if (told) completed.push({ ...told, endedAtMs: nowMs() });
          },
        }),
      ];
    },
    progressOf: (member) => heard.get(member),
    takeCompleted() {
      const taken = completed;
      completed = [];
      return taken;
    },
    keep(members) {
      for (const member of heard.keys()) if (!members.has(member)) heard.delete(member);
    },
    sinceMs: () => sinceMs,
    stop,
  };
}
