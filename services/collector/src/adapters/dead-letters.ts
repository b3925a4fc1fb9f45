import { randomUUID } from 'node:crypto';

import { STREAMS, subjects } from '@llm-monitor/contracts/bus';
import { createEvent, type DeadLetterData } from '@llm-monitor/contracts/events';
import type { Logger } from '@llm-monitor/runtime';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { Refusal } from '../core/parse-event.ts';
import { readSequence } from '../core/read-delivery.ts';
import { answerAll } from './answer-all.ts';
import { bodyOf, replyOf, sentAtOf, type HeldMessage } from './held-message.ts';

const KEPT_BYTES = 8 * 1024;

/** By which letters are sent, and messages refused. */
export interface Letterbox {
  connection: NatsConnection;
  jetstream: JetStreamClient;
}

/** Puts a message that cannot be used where a person finds it, with why; then takes it off the stream. */
export async function deadLetter(
  { connection, jetstream }: Letterbox,
  message: HeldMessage,
  refusal: Refusal,
  log: Logger,
): Promise<void> {
  const sequence = readSequence(replyOf(message));
  const body = bodyOf(message);
  const sentAt = sentAtOf(message);
  const data: DeadLetterData = {
    ...refusal,
    stream: STREAMS.requests,
    sequence,
    originalSubject: message.subject,
    body: Buffer.from(body.subarray(0, KEPT_BYTES)).toString('utf8'),
    bodyBytes: body.byteLength,
    truncated: body.byteLength > KEPT_BYTES,
    storedAt: new Date(message.storedAtMs).toISOString(),
    ...(sentAt === undefined ? {} : { sentAt }),
  };
  const subject = subjects.deadLetter(refusal.reason);
  const event = createEvent({
    id: randomUUID(),
    source: '/services/collector',
    type: `llm.dead-letter.${refusal.reason}.v1`,
    time: new Date().toISOString(),
    subject,
    data,
  });
  try {
    await jetstream.publish(subject, JSON.stringify(event), {
      // One letter a message, though it may be delivered again before it is off the stream.
      msgID: `${STREAMS.requests}:${sequence}`,
    });
    // Without a reason: nats-server 2.9 does not know one, and would deliver the message again and again.
    answerAll(connection, [message], '+TERM');
    log.warn({ ...refusal, subject: message.subject, sequence }, 'dead-lettered a message');
  } catch (err) {
    // Not acked: the broker delivers it again, and then it is tried again.
    log.error({ err }, 'a message could be neither used nor dead-lettered');
  }
}
