import type { Keys } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';
import type { ConsumerInfo, JetStreamManager, StreamState } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { DurableConsumer } from './durable-consumer.ts';
import { isAhead } from './ensure-consumer.ts';

/** Knows up to which message each stream was read, and so whether it still has that one. */
export interface StreamPlaces {
  /**
   * Did the stream forget messages that were handed out, as a server does whose machine lost its power before they were on the disk?
   * It gives their numbers to the next ones, which the consumer takes for those that it had.
   */
  isForgotten(consumer: DurableConsumer, info: ConsumerInfo): Promise<boolean>;
}

/** A message by its number in the stream, and when it was stored there. */
interface Place {
  sequence: number;
  storedAt: string;
}

export function createStreamPlaces(options: {
  redis: StoreConnection;
  keys: Keys;
  connection: NatsConnection;
  manager: JetStreamManager;
}): StreamPlaces {
  const { redis, keys, connection, manager } = options;
  const { losses } = keys.global;
  /** While the line holds, the server is the one that it was. */
  const isKnown = new Set<string>();
  void (async () => {
    for await (const { type } of connection.status()) if (type === 'reconnect') isKnown.clear();
  })();

  const storedAt = async (stream: string, sequence: number): Promise<string | undefined> => {
    const found = await manager.streams.getMessage(stream, { seq: sequence });
    return found?.time.toISOString();
  };

  /** The servers of a cluster may disagree for a moment about what they have. */
  const suspected = new Set<string>();
  const isSurelyAhead = (info: ConsumerInfo, state: StreamState): boolean => {
    const isSuspect = isAhead(info, state);
    const isSure = isSuspect && (!info.cluster || suspected.has(info.stream_name));
    if (isSuspect && !isSure) suspected.add(info.stream_name);
    else suspected.delete(info.stream_name);
    return isSure;
  };

  /** More may have come since the server forgot: then the number stands for another message. One that was deleted is none. */
  const isAnother = async (stream: string, place: Place, info: ConsumerInfo): Promise<boolean> => {
    if (isKnown.has(stream) || info.delivered.stream_seq < place.sequence) return false;
    const now = await storedAt(stream, place.sequence);
    return now !== undefined && now !== place.storedAt;
  };

  return {
    async isForgotten(consumer, info) {
      const { stream_name: stream } = info;
      const field = `${stream}:place`;
      const [state, text] = await Promise.all([consumer.streamState(), redis.hget(losses, field)]);
      const place = text === null ? undefined : (JSON.parse(text) as Place);
      if (isSurelyAhead(info, state) || (place && (await isAnother(stream, place, info)))) {
        // Another collector may see it at the same moment: what is read twice counts once.
        await redis.hdel(losses, field);
        return true;
      }
      isKnown.add(stream);
      const sequence = info.delivered.stream_seq;
      if (sequence === place?.sequence || sequence === 0) return false;
      const at = await storedAt(stream, sequence);
      const here: Place | undefined = at === undefined ? undefined : { sequence, storedAt: at };
      if (here) await redis.hset(losses, field, JSON.stringify(here));
      return false;
    },
  };
}
