import { randomUUID } from 'node:crypto';

import { STREAMS, subjects } from '@llm-monitor/contracts/bus';
import { createEvent, SENT_AT_HEADER, type DeadLetterData } from '@llm-monitor/contracts/events';
import type { Logger } from '@llm-monitor/runtime';
import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';

import type { Refusal } from '../core/parse-event.ts';
import { readHeader } from './read-header.ts';

const KEPT_BYTES = 8 * 1024;

/** Puts a message that cannot be used where a person finds it, with why; then takes it off the stream. */
export async function deadLetter(
  jetstream: JetStreamClient,
  message: JsMsg,
  refusal: Refusal,
  log: Logger,
): Promise<void> {
  const sentAt = readHeader(message, SENT_AT_HEADER);
  const data: DeadLetterData = {
    ...refusal,
    stream: STREAMS.requests,
    sequence: message.seq,
    originalSubject: message.subject,
    body: Buffer.from(message.data.subarray(0, KEPT_BYTES)).toString('utf8'),
    bodyBytes: message.data.byteLength,
    truncated: message.data.byteLength > KEPT_BYTES,
    storedAt: new Date(message.info.timestampNanos / 1e6).toISOString(),
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
      msgID: `${message.info.stream}:${message.seq}`,
    });
    // Without a reason: nats-server 2.9 does not know one, and would deliver the message again and again.
    message.term();
    log.warn(
      { ...refusal, subject: message.subject, sequence: message.seq },
      'dead-lettered a message',
    );
  } catch (err) {
    // Not acked: the broker delivers it again, and then it is tried again.
    log.error({ err }, 'a message could be neither used nor dead-lettered');
  }
}
