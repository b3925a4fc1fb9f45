import { setTimeout as delay } from 'node:timers/promises';

import { CONNECTOR_CONSUMER, STREAMS } from '@llm-monitor/contracts/bus';
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';

import { describePlace, justAfter, type StreamPlace } from './stream-place.ts';

/**
 * A server says that a consumer is deleted before its files are. One of the same name that is made meanwhile has the state of the former
 * one (seen with nats-server 2.15).
 */
const DELETION_MS = 500;
const MOST_RENEWALS = 5;
/** So long the broker keeps what asks it where a time is in the stream; ns. */
const PROBE_NS = 5e9;
const STREAM = STREAMS.requests;

/** The durable consumer that ended calls are read by, as the broker keeps it. */
export interface DurableCalls {
  /**
   * What the broker says of it. Where there is none, one is made that begins behind `place`, or at the beginning.
   * @throws while there is no stream, which is the collectors' to make
   */
  find(place: StreamPlace | undefined): Promise<ConsumerInfo>;
  /** Makes one in its place that begins behind the time of `place`, or behind message `last` where no place is known. */
  renew(place: StreamPlace | undefined, last: number): Promise<void>;
  /** Keeps a place with it. */
  describe(place: StreamPlace): Promise<void>;
  info(): Promise<ConsumerInfo>;
  /** Number of the last message that its stream has. */
  last(): Promise<number>;
  /** When the message of that number was stored; undefined where there is none. */
  storedAt(sequence: number): Promise<string | undefined>;
}

export function createDurableCalls(
  manager: JetStreamManager,
  given: { ackWaitMs: number; maxAckPending: number },
): DurableCalls {
  const changeable = { ack_wait: given.ackWaitMs * 1e6, max_ack_pending: given.maxAckPending };
  const info = () => manager.consumers.info(STREAM, CONNECTOR_CONSUMER);

  /** The first message after a time, by its number; where there is none yet, the number that it will have. */
  const firstAfter = async (time: string): Promise<number> => {
    // A consumer that begins at a time cannot be changed any more with nats-server 2.9: this one only says where it would begin.
    const { delivered } = await manager.consumers.add(STREAM, {
      ...{ ack_policy: AckPolicy.None, inactive_threshold: PROBE_NS },
      ...{ deliver_policy: DeliverPolicy.StartTime, opt_start_time: justAfter(time) },
    });
    return delivered.stream_seq + 1;
  };

  const add = (start: Partial<ConsumerConfig>, place?: StreamPlace) =>
    manager.consumers.add(STREAM, {
      durable_name: CONNECTOR_CONSUMER,
      ack_policy: AckPolicy.Explicit,
      max_deliver: -1,
      ...changeable,
      ...start,
      ...(place ? { description: describePlace(place) } : {}),
    });

  const beginAt = (sequence: number): Partial<ConsumerConfig> => ({
    ...{ deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: sequence },
  });

  return {
    info,
    async find(place) {
      const found = await info().catch(unlessNone);
      if (!found && place) return await add(beginAt(await firstAfter(place.storedAt)), place);
      if (!found) return await add({ deliver_policy: DeliverPolicy.All });
      const { ack_wait, max_ack_pending } = found.config;
      const isSame =
        ack_wait === changeable.ack_wait && max_ack_pending === changeable.max_ack_pending;
      if (isSame) return found;
      return await manager.consumers.update(STREAM, CONNECTOR_CONSUMER, changeable);
    },
    async renew(place, last) {
      const sequence = place ? await firstAfter(place.storedAt) : last + 1;
      for (let tries = 0; tries < MOST_RENEWALS; tries++) {
        await manager.consumers.delete(STREAM, CONNECTOR_CONSUMER);
        await delay(DELETION_MS);
        const { delivered } = await add(beginAt(sequence), place);
        if (delivered.consumer_seq === 0) return;
      }
      throw new Error('a consumer that was made anew is still what it was');
    },
    async describe(place) {
      const description = describePlace(place);
      await manager.consumers.update(STREAM, CONNECTOR_CONSUMER, { description });
    },
    last: async () => (await manager.streams.info(STREAM)).state.last_seq,
    storedAt: async (sequence) =>
      (await manager.streams.getMessage(STREAM, { seq: sequence }))?.timestamp,
  };
}

/** Does NATS not let this user ask? Those who were written by an older version may do less. */
export function isRefused(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return [error, cause].some((one) => one instanceof errors.PermissionViolationError);
}

function unlessNone(error: unknown): undefined {
  const isNone =
    error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
  if (!isNone) throw error;
}
