const SECOND_NS = 1_000_000_000;
const HOUR_NS = 3600 * SECOND_NS;
const MIB = 1024 * 1024;
const MAX_MESSAGE_BYTES = 256 * 1024;
/**
 * How long the broker drops a message whose id it has seen. Counting relies on the phase bits and never on it, and whoever knows the
 * id of another's event could have that event dropped, so it is short; it also costs the broker memory for every message in it.
 */
const DUPLICATE_WINDOW_NS = 2 * SECOND_NS;

/** One JetStream stream, in the server's own names; times in nanoseconds. */
export interface StreamDefinition {
  name: string;
  subjects: string[];
  max_age: number;
  max_bytes: number;
  max_msg_size: number;
  duplicate_window: number;
}

/** Names of the streams. */
export const STREAMS = {
  requests: 'LLM_REQUESTS',
  telemetry: 'LLM_TELEMETRY',
  alerts: 'LLM_ALERTS',
  deadLetters: 'LLM_DEAD_LETTERS',
} as const;

/**
 * All streams: limits retention, old messages discarded first. None takes `llm.>`: its publish ack would answer cancel requests.
 * `max_msg_size` is above the event limit, so that a somewhat too large event is dead-lettered with a reason instead of refused.
 */
export const STREAM_DEFINITIONS: readonly StreamDefinition[] = [
  {
    name: STREAMS.requests,
    subjects: ['llm.request.>'],
    max_age: 72 * HOUR_NS,
    max_bytes: 2048 * MIB,
    max_msg_size: MAX_MESSAGE_BYTES,
    duplicate_window: DUPLICATE_WINDOW_NS,
  },
  {
    name: STREAMS.telemetry,
    subjects: [
      ...['llm.app.heartbeat.>', 'llm.host.>', 'llm.models.>'],
      ...['llm.verdict.>', 'llm.bot.>'],
    ],
    max_age: HOUR_NS,
    max_bytes: 256 * MIB,
    max_msg_size: MAX_MESSAGE_BYTES,
    duplicate_window: DUPLICATE_WINDOW_NS,
  },
  {
    name: STREAMS.alerts,
    subjects: ['llm.alert.>'],
    max_age: 30 * 24 * HOUR_NS,
    max_bytes: 64 * MIB,
    max_msg_size: MAX_MESSAGE_BYTES,
    // They are few, only the alerts may publish them, and after an outage each is published again until it is acknowledged.
    duplicate_window: 24 * HOUR_NS,
  },
  {
    name: STREAMS.deadLetters,
    subjects: ['llm.dead-letter.>'],
    max_age: 30 * 24 * HOUR_NS,
    max_bytes: 128 * MIB,
    max_msg_size: MAX_MESSAGE_BYTES,
    duplicate_window: DUPLICATE_WINDOW_NS,
  },
];

/** Durable pull consumers, each over its whole stream and shared by all collectors. */
export const CONSUMERS = {
  requests: 'collector',
  telemetry: 'collector-telemetry',
} as const;

/** Durable pull consumer of the connectors, over the whole stream of requests. */
export const CONNECTOR_CONSUMER = 'connectors';

/** Queue group in which collectors share the progress of running calls. */
export const PROGRESS_QUEUE = 'collector';

/** Queue group in which one of the alerts answers what a rule would do. */
export const ALERT_PREVIEW_QUEUE = 'alerts';
/** Queue group in which one of the alerts tries a channel. */
export const ALERT_TEST_QUEUE = 'alerts';

/** Queue group in which one collector takes what there is to delete. */
export const DELETE_QUEUE = 'collector';
