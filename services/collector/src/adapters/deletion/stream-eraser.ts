import { setTimeout as delay } from 'node:timers/promises';

import { CONSUMERS, parseRequestSubject, STREAMS, subjectToken } from '@llm-monitor/contracts/bus';
import { DeadLetterData } from '@llm-monitor/contracts/events';
import { DeliverPolicy, jetstream, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Value } from '@llm-monitor/contracts/typebox/value';

import { eraseMessage, isGone } from './erase-message.ts';
import { nothing, type Stage } from './step.ts';

const FETCH = 1000;
const FETCH_WAIT_MS = 1000;
/** Everything that happened of a call was stored after its start, by the broker's own clock; its last second is doubtful. */
const MARGIN_MS = 60_000;
const FLOOR_PATIENCE_MS = 2000;
const FLOOR_LOOK_MS = 50;

interface Bus {
  connection: NatsConnection;
  manager: JetStreamManager;
}

/** Takes the events of an app out of the stream, or of all apps: those that were collected. What comes later is new. */
export function purgeEvents({ manager }: Bus, app?: string): Stage {
  return async () => {
    const { state } = await manager.streams.info(STREAMS.requests);
    const floor = await floorAfter(manager, state.last_seq);
    const seq = floor + 1;
    const filter = app === undefined ? {} : { filter: eventsOf(app) };
    await manager.streams.purge(STREAMS.requests, { seq, ...filter });
    return { ...nothing, next: undefined };
  };
}

/** Finds the events of one call in the stream, and erases them. Its places are sequences. */
export function eraseEvents(
  { connection, manager }: Bus,
  of: { app: string; id: string; startedAtMs: number },
): Stage {
  return async (at, isTimeUp) => {
    const start =
      at === ''
        ? {
            deliver_policy: DeliverPolicy.StartTime,
            opt_start_time: new Date(of.startedAtMs - MARGIN_MS).toISOString(),
          }
        : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Number(at) };
    const consumer = await jetstream(connection).consumers.get(STREAMS.requests, {
      ...start,
      filter_subjects: eventsOf(of.app),
    });
    try {
      if ((await consumer.info(false)).num_pending === 0) return { ...nothing, next: undefined };
      for (;;) {
        let last: { seq: number; pending: number } | undefined;
        const messages = await consumer.fetch({ max_messages: FETCH, expires: FETCH_WAIT_MS });
        for await (const message of messages) {
          last = { seq: message.seq, pending: message.info.pending };
          if (isOf(message.data, of.id)) {
            await floorAfter(manager, message.seq);
            await eraseMessage(manager, STREAMS.requests, message.seq);
          }
          if (last.pending === 0) break;
        }
        if (!last || last.pending === 0) return { ...nothing, next: undefined };
        if (isTimeUp()) return { ...nothing, next: String(last.seq + 1) };
      }
    } finally {
      await consumer.delete().catch(() => undefined);
    }
  };
}

/** Erases dead letters that quote a call, an app's calls, or any. Its places are sequences. */
export function eraseLetters({ manager }: Bus, of: { app?: string; id?: string }): Stage {
  return async (at, isTimeUp) => {
    const { state } = await manager.streams.info(STREAMS.deadLetters);
    let seq = at === '' ? 1 : Number(at);
    while (seq <= state.last_seq) {
      const message = await nextLetter(manager, seq);
      if (!message) break;
      if (quotes(message.data, of)) await eraseMessage(manager, STREAMS.deadLetters, message.seq);
      seq = message.seq + 1;
      if (isTimeUp()) return { ...nothing, next: String(seq) };
    }
    return { ...nothing, next: undefined };
  };
}

const eventsOf = (app: string) => `llm.request.*.${subjectToken(app)}.*`;

/** An event that was not collected yet must not be lost to the figures: the floor is waited for. */
async function floorAfter(manager: JetStreamManager, sequence: number): Promise<number> {
  const endMs = performance.now() + FLOOR_PATIENCE_MS;
  for (;;) {
    const { ack_floor: floor } = await manager.consumers.info(STREAMS.requests, CONSUMERS.requests);
    if (floor.stream_seq >= sequence || performance.now() > endMs) return floor.stream_seq;
    await delay(FLOOR_LOOK_MS);
  }
}

async function nextLetter(manager: JetStreamManager, seq: number) {
  try {
    const query = { seq, next_by_subj: 'llm.dead-letter.>' };
    return await manager.streams.getMessage(STREAMS.deadLetters, query);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** What cannot be read as an event, and still names the call, is taken for one of its. */
function isOf(body: Uint8Array, id: string): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!text.includes(id)) return false;
  try {
    const { data } = JSON.parse(text.toString('utf8')) as { data?: { requestId?: unknown } };
    return data?.requestId === id;
  } catch {
    return true;
  }
}

function quotes(body: Uint8Array, { app, id }: { app?: string; id?: string }): boolean {
  try {
    const { data } = JSON.parse(Buffer.from(body).toString('utf8')) as { data: unknown };
    if (!Value.Check(DeadLetterData, data)) return false;
    const isOfApp = app === undefined || appOf(data.originalSubject) === subjectToken(app);
    return isOfApp && (id === undefined || data.body.includes(id));
  } catch {
    return false;
  }
}

const appOf = (subject: string) => parseRequestSubject(subject)?.app ?? subject.split('.')[3];
