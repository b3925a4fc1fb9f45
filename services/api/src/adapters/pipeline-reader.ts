import { CONSUMERS, STREAMS } from '@llm-monitor/contracts/bus';
import type { PipelineStream } from '@llm-monitor/contracts/rest';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

const NS_PER_SECOND = 1e9;
const ASK_TIMEOUT_MS = 2000;

/** What NATS says of a stream; what was lost and handed out again is in the store. */
export type StreamFigures = Omit<PipelineStream, 'lost' | 'redeliveries'>;

/** What NATS says of the pipeline. */
export interface PipelineFigures {
  streams: StreamFigures[];
  deadLetters: { count: number; lastAt: string | null };
}

/** @throws when NATS does not answer, or has no such streams yet */
export async function readPipelineFigures(
  connection: NatsConnection,
  nowMs: number,
): Promise<PipelineFigures> {
  const manager = await managerOf(connection);
  const [requests, telemetry, letters] = await Promise.all([
    readStream(manager, STREAMS.requests, CONSUMERS.requests, nowMs),
    readStream(manager, STREAMS.telemetry, CONSUMERS.telemetry, nowMs),
    manager.streams.info(STREAMS.deadLetters),
  ]);
  const { messages, last_ts: lastAt } = letters.state;
  return {
    streams: [requests, telemetry],
    deadLetters: { count: messages, lastAt: messages > 0 ? toTime(lastAt) : null },
  };
}

/** Without asking the server whether it has JetStream: the answers say so. */
export function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { checkAPI: false, timeout: ASK_TIMEOUT_MS });
}

async function readStream(
  manager: JetStreamManager,
  name: string,
  consumerName: string,
  nowMs: number,
): Promise<StreamFigures> {
  const [{ config, state }, consumer] = await Promise.all([
    manager.streams.info(name),
    manager.consumers.info(name, consumerName),
  ]);
  const inFlight = consumer.num_ack_pending;
  const pending = consumer.num_pending;
  const floor = consumer.ack_floor.stream_seq;
  const waits = pending + inFlight > 0;
  return {
    name,
    messages: state.messages,
    bytes: state.bytes,
    max_bytes: config.max_bytes > 0 ? config.max_bytes : null,
    max_age: config.max_age > 0 ? config.max_age / NS_PER_SECOND : null,
    first_sequence: state.first_seq,
    last_sequence: state.last_seq,
    oldest_at: state.messages > 0 ? toTime(state.first_ts) : null,
    pending,
    in_flight: inFlight,
    delivered_sequence: consumer.delivered.stream_seq,
    ack_floor: floor,
    lag: waits ? await readLag(manager, name, Math.max(floor + 1, state.first_seq), nowMs) : 0,
  };
}

/** How old is the first message that is not acknowledged? Null where it went meanwhile. */
async function readLag(
  manager: JetStreamManager,
  stream: string,
  sequence: number,
  nowMs: number,
): Promise<number | null> {
  const message = await manager.streams.getMessage(stream, { seq: sequence });
  return message ? Math.max(0, nowMs - message.time.getTime()) / 1000 : null;
}

/** NATS writes nanoseconds. */
const toTime = (text: string): string => new Date(text).toISOString();
