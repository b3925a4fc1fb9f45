import { CONSUMERS, STREAMS } from '@llm-monitor/contracts/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { Backlog } from './metrics/alert-metric-reader.ts';

/** A look at the rules must not outlast the lease. */
const ASK_TIMEOUT_MS = 1000;

/** Asks NATS how far the collectors are with what calls said. */
export interface BacklogReader {
  /** undefined where NATS does not answer, or there are no streams yet */
  read(): Promise<Backlog | undefined>;
}

export function createBacklogReader(
  connection: NatsConnection,
  nowMs: () => number,
): BacklogReader {
  let isConnected = true;
  void (async () => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') isConnected = false;
      else if (type === 'reconnect') isConnected = true;
    }
  })();
  return {
    async read() {
      return isConnected ? readBacklog(connection, nowMs()) : undefined;
    },
  };
}

async function readBacklog(
  connection: NatsConnection,
  nowMs: number,
): Promise<Backlog | undefined> {
  try {
    // Without asking whether the server has JetStream: the answers say so.
    const manager = await jetstreamManager(connection, {
      ...{ checkAPI: false, timeout: ASK_TIMEOUT_MS },
    });
    const { num_pending, num_ack_pending, ack_floor } = await manager.consumers.info(
      STREAMS.requests,
      CONSUMERS.requests,
    );
    const waiting = num_pending + num_ack_pending;
    if (waiting === 0) return { waiting, lagMs: 0 };
    const { state } = await manager.streams.info(STREAMS.requests);
    const seq = Math.max(ack_floor.stream_seq + 1, state.first_seq);
    const first = await manager.streams.getMessage(STREAMS.requests, { seq });
    return { waiting, lagMs: first ? Math.max(0, nowMs - first.time.getTime()) : 0 };
  } catch {
    return undefined;
  }
}
