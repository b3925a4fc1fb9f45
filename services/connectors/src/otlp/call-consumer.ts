import { setTimeout as delay } from 'node:timers/promises';

import { CONNECTOR_CONSUMER, STREAMS } from '@llm-monitor/contracts/bus';
import type { Logger } from '@llm-monitor/runtime';
import { jetstream, jetstreamManager, type Consumer } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { createDurableCalls, isRefused, type DurableCalls } from './durable-calls.ts';
import { hasForgotten, readPlace, type StreamPlace } from './stream-place.ts';

/** The servers of a cluster may disagree for a moment about what they have. */
const SECOND_LOOK_MS = 2000;
/** How old the note of the place may be while calls end all the time: what came since may be sent twice, nothing is left out. */
const NOTE_EVERY_MS = 5000;

/** What ended calls are read by, wherever the stream goes on. */
export interface CallConsumer {
  /**
   * To be asked before each batch: the same one until the line to NATS was cut. Then the server may be one that lost its memory: whether
   * the stream still has what was handed out is looked at first.
   */
  current(): Promise<Consumer>;
  /** Looks again before the next batch. */
  doubt(): void;
  /**
   * Keeps up to where everything was acknowledged, now and then. Never throws.
   * @param isIdle nothing came: the last ones are to be noted too
   */
  note(isIdle: boolean): Promise<void>;
  /** When the stream was found to have forgotten its end, ms since 1970. */
  forgottenAtMs(): number | undefined;
}

export function createCallConsumer(options: {
  bus: NatsConnection;
  log: Logger;
  ackWaitMs: number;
  maxAckPending: number;
}): CallConsumer {
  const { bus, log } = options;
  let calls: DurableCalls | undefined;
  let open: Consumer | undefined;
  let isConnected = true;
  /** How often the line was cut. */
  let cuts = 0;
  /** It is kept with the consumer: it outlives this process, as this process outlives that of the broker. */
  let place: StreamPlace | undefined;
  let noteDueAtMs = 0;
  let isNoted = false;
  let forgottenAtMs: number | undefined;
  let hasSaidRefused = false;
  void (async () => {
    for await (const { type } of bus.status()) {
      if (type === 'disconnect') {
        isConnected = false;
        cuts += 1;
      } else if (type === 'reconnect') {
        isConnected = true;
        open = undefined;
      }
    }
    isConnected = false;
  })();

  const storedAt = async (from: DurableCalls, sequence: number) => {
    try {
      return await from.storedAt(sequence);
    } catch (err) {
      if (!isRefused(err)) throw err;
      if (!hasSaidRefused) {
        log.warn(
          { err },
          'NATS refuses this service: a stream that forgets its last events is not mended',
        );
      }
      hasSaidRefused = true;
      return undefined;
    }
  };

  const look = async (from: DurableCalls) => {
    const info = await from.find(place);
    place ??= readPlace(info.config.description);
    const last = await from.last();
    const at = place && place.sequence > 0 ? await storedAt(from, place.sequence) : undefined;
    const delivered = info.delivered.stream_seq;
    const isForgotten = hasForgotten(place, { last, delivered, storedAt: at });
    return { isForgotten, last, isCluster: info.cluster !== undefined };
  };

  const mend = async (from: DurableCalls) => {
    let { isForgotten, last, isCluster } = await look(from);
    if (isForgotten && isCluster) {
      await delay(SECOND_LOOK_MS);
      ({ isForgotten, last, isCluster } = await look(from));
    }
    if (!isForgotten) return;
    log.warn(
      { stream: STREAMS.requests, since: place?.storedAt },
      'the stream forgot its last events: what came since is handed on',
    );
    forgottenAtMs = Date.now();
    // That number is another message's from now on.
    const left = place && { ...place, sequence: 0 };
    try {
      await from.renew(left, last);
      place = left;
    } catch (err) {
      if (!isRefused(err)) throw err;
      log.error({ err }, 'the consumer cannot be removed: what comes is not handed on');
    }
  };

  const keep = async (from: DurableCalls, cutsBefore: number) => {
    const { ack_floor: floor } = await from.info();
    if (floor.stream_seq === 0 || floor.stream_seq === place?.sequence) return;
    const at = await storedAt(from, floor.stream_seq);
    // One that was deleted has no time: the note before is older, and holds.
    if (at === undefined || cuts !== cutsBefore) return;
    const next = { sequence: floor.stream_seq, storedAt: at };
    await from.describe(next);
    place = next;
  };

  return {
    async current() {
      if (open) return open;
      const cutsBefore = cuts;
      calls = createDurableCalls(await jetstreamManager(bus), options);
      await mend(calls);
      const consumer = await jetstream(bus).consumers.get(STREAMS.requests, CONNECTOR_CONSUMER);
      // What was seen is half of before.
      if (cuts !== cutsBefore) throw new Error('the line to NATS was cut');
      isNoted = false;
      open = consumer;
      return consumer;
    },
    doubt() {
      open = undefined;
    },
    async note(isIdle) {
      if (!isIdle) isNoted = false;
      // While it is not known whether the stream is what it was, the note before is all that can tell.
      if (!isConnected || !open || !calls || isNoted) return;
      if (!isIdle && Date.now() < noteDueAtMs) return;
      noteDueAtMs = Date.now() + NOTE_EVERY_MS;
      try {
        await keep(calls, cuts);
        isNoted = isIdle;
      } catch (err) {
        log.debug({ err }, 'could not note how far calls were handed on');
      }
    },
    forgottenAtMs: () => forgottenAtMs,
  };
}
