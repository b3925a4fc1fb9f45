import type { StoredHandover } from '@llm-monitor/contracts/alerts';
import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent } from '@llm-monitor/contracts/events';
import type { Logger } from '@llm-monitor/runtime';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { Notify } from '../core/notification.ts';
import { isQuiet } from '../core/quiet-hours.ts';
import type { AlertStore } from './alert-store.ts';

const SOURCE = '/services/alerts';

/** Publishes and tells what happened, until that is done: what is not stays in the store. */
export interface Handover {
  /** Goes through what waits, unless that goes on already. */
  run(): void;
  /** What went wrong last; undefined when all went well. */
  problem(): string | undefined;
  /** Waits for what goes on. */
  stop(): Promise<void>;
}

type Entry = [id: string, what: StoredHandover];

export function createHandover(options: {
  store: AlertStore;
  connection: NatsConnection;
  notify: Notify;
  nowMs(): number;
  log: Logger;
}): Handover {
  const { store, notify, log, nowMs } = options;
  const publisher = jetstream(options.connection);
  const problems: Partial<Record<StoredHandover['as'], string>> = {};
  let going: Promise<unknown> | undefined;

  const publish = async (what: StoredHandover, id: string) => {
    const subject = subjects.alert(what.what === 'fired' ? 'fired' : 'resolved', what.rule.id);
    const event = toEvent(what, id, subject);
    await publisher.publish(subject, JSON.stringify(event), { msgID: event.id });
  };
  const tell = async ({ what, alert, rule, quietHours }: StoredHandover, id: string) => {
    if (quietHours && isQuiet(quietHours, nowMs())) return false;
    await notify({ id, what, alert, rule });
    return true;
  };
  // One after the other: what fired is told before it is told to be over. A channel that hangs holds up no event.
  const goThrough = async (as: StoredHandover['as'], entries: readonly Entry[]) => {
    try {
      for (const [id, what] of entries) {
        const isDone = as === 'event' ? (await publish(what, id), true) : await tell(what, id);
        if (isDone) await store.dropHandover(id);
      }
      delete problems[as];
    } catch (error) {
      problems[as] =
        `${entries.length} ${as === 'event' ? 'events' : 'notifications'} wait: ${(error as Error).message}`;
      log.warn({ err: error }, 'what fired or was resolved could not be handed over; trying again');
    }
  };
  const goThroughAll = async () => {
    const waiting = await store.readHandover();
    const ofKind = (as: StoredHandover['as']) => waiting.filter(([, what]) => what.as === as);
    await Promise.all([goThrough('event', ofKind('event')), goThrough('tell', ofKind('tell'))]);
  };
  return {
    run() {
      going ??= goThroughAll()
        .catch((err: Error) => log.debug({ err }, 'what waits could not be read'))
        .finally(() => {
          going = undefined;
        });
    },
    problem: () => problems.event ?? problems.tell,
    async stop() {
      await going;
    },
  };
}

function toEvent({ what, alert }: StoredHandover, id: string, subject: string) {
  const at = what === 'fired' ? alert.firedAt : alert.resolvedAt;
  return createEvent({
    id: id.replace(/^event:/, ''),
    source: SOURCE,
    type: `llm.alert.${what}.v1`,
    time: at ?? alert.since,
    subject,
    data: alert,
  });
}
