import { STREAMS } from '@llm-monitor/contracts/bus';
import { DeadLetterData, SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import type { DeadLetter } from '@llm-monitor/contracts/rest';
import {
  jetstream,
  JetStreamApiError,
  type JetStreamManager,
  type StoredMsg,
} from '@nats-io/jetstream';
import { headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { Value } from '@llm-monitor/contracts/typebox/value';

import { managerOf } from './pipeline-reader.ts';

/** Most places that are looked at for one page: deleted letters leave gaps. */
const MAX_LOOKS = 1000;
const LOOKS_AT_ONCE = 50;
const PREVIEW_CHARS = 200;
const NO_MESSAGE = 10_037;

/** What collectors could not use, in the stream `LLM_DEAD_LETTERS`. */
export interface DeadLetterBox {
  /** Newest first, before a sequence if one is given. `next` continues. */
  list(options: {
    limit: number;
    before?: number;
  }): Promise<{ letters: DeadLetter[]; next?: number }>;
  /** With all of the body that is kept; undefined where there is none. */
  read(sequence: number): Promise<DeadLetter | undefined>;
  /** Publishes the message again as it was, and removes the letter. */
  retry(sequence: number): Promise<RetryAnswer>;
  /** False where there is none. */
  remove(sequence: number): Promise<boolean>;
}

export type RetryAnswer =
  | { state: 'sent'; streamSequence: number }
  | { state: 'missing' }
  /** Its body is longer than what a letter keeps, and its stream no longer has it. */
  | { state: 'incomplete' };

/** @param connection must be up */
export async function openDeadLetterBox(connection: NatsConnection): Promise<DeadLetterBox> {
  const manager = await managerOf(connection);
  const find = async (sequence: number) => {
    const message = await getMessage(manager, STREAMS.deadLetters, sequence);
    return message && readLetter(message);
  };
  return {
    async list({ limit, before }) {
      const { state } = await manager.streams.info(STREAMS.deadLetters);
      const letters: DeadLetter[] = [];
      let at = Math.min(before === undefined ? state.last_seq : before - 1, state.last_seq);
      const end = Math.max(1, state.first_seq, at - MAX_LOOKS + 1);
      while (at >= end && letters.length < limit) {
        const size = Math.min(LOOKS_AT_ONCE, at - end + 1, limit - letters.length);
        const found = await Promise.all(Array.from({ length: size }, (_, i) => find(at - i)));
        for (const letter of found) if (letter) letters.push(toPreview(toDeadLetter(letter)));
        at -= size;
      }
      return state.messages > 0 && at >= state.first_seq ? { letters, next: at + 1 } : { letters };
    },
    async read(sequence) {
      const letter = await find(sequence);
      return letter && toDeadLetter(letter);
    },
    async retry(sequence) {
      const letter = await find(sequence);
      if (!letter) return { state: 'missing' };
      const original = await findOriginal(manager, letter.data);
      if (!original) return { state: 'incomplete' };
      const { seq } = await jetstream(connection).publish(
        letter.data.originalSubject,
        original.body,
        {
          headers: original.headers,
        },
      );
      await manager.streams.deleteMessage(STREAMS.deadLetters, sequence);
      return { state: 'sent', streamSequence: seq };
    },
    async remove(sequence) {
      if (!(await find(sequence))) return false;
      return await manager.streams.deleteMessage(STREAMS.deadLetters, sequence);
    },
  };
}

interface Letter {
  sequence: number;
  at: string;
  data: DeadLetterData;
}

function readLetter(message: StoredMsg): Letter | undefined {
  const event = message.json<{ time?: string; data?: unknown }>();
  if (!Value.Check(DeadLetterData, event.data)) return undefined;
  return { sequence: message.seq, at: message.time.toISOString(), data: event.data };
}

function toDeadLetter({ sequence, at, data }: Letter): DeadLetter {
  const { reason, detail, originalSubject: subject, body, bodyBytes: bytes, truncated } = data;
  return { sequence, at, reason, detail, subject, bytes, body, truncated };
}

function toPreview(letter: DeadLetter): DeadLetter {
  if (letter.body.length <= PREVIEW_CHARS) return letter;
  return { ...letter, body: letter.body.slice(0, PREVIEW_CHARS), truncated: true };
}

/** The message as it was sent; from its stream if that still has it, else from the letter if that has all of it. */
async function findOriginal(
  manager: JetStreamManager,
  data: DeadLetterData,
): Promise<{ body: Uint8Array; headers: MsgHdrs } | undefined> {
  const kept = await getMessage(manager, data.stream, data.sequence);
  const isIt = kept?.subject === data.originalSubject && kept.data.byteLength === data.bodyBytes;
  if (!isIt && data.truncated) return undefined;
  const body = isIt ? kept.data : new TextEncoder().encode(data.body);
  if (body.byteLength !== data.bodyBytes) return undefined;
  return { body, headers: timeHeaders(data) };
}

/** So that a collector places the event where it was, and not where it is sent again: its wait began when it was first stored. */
function timeHeaders({ sentAt, storedAt }: DeadLetterData): MsgHdrs {
  const all = headers();
  if (storedAt === undefined || sentAt === undefined) return all;
  const skewMs = Date.parse(sentAt) - Date.parse(storedAt);
  if (!Number.isNaN(skewMs)) all.set(SENT_AT_HEADER, new Date(Date.now() + skewMs).toISOString());
  return all;
}

/** Undefined where there is none: deleted, aged out, or never there. */
async function getMessage(
  manager: JetStreamManager,
  stream: string,
  sequence: number,
): Promise<StoredMsg | undefined> {
  try {
    return (await manager.streams.getMessage(stream, { seq: sequence })) ?? undefined;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NO_MESSAGE) return undefined;
    throw error;
  }
}
