/** Largest event on the bus, in bytes of UTF-8. A larger one is dead-lettered. */
export const MAX_EVENT_BYTES = 64 * 1024;

/** Header with the producer's clock at each send (RFC 3339). Lets a collector place an event without trusting that clock. */
export const SENT_AT_HEADER = 'Llm-Sent-At';

/** Most running ids in one heartbeat; an instance with more sends several. */
export const HEARTBEAT_IDS = 1000;

/** How often an instance beats, unless configured. */
export const HEARTBEAT_INTERVAL_MS = 10_000;

/** At most this many progress events a second for one running call. */
export const PROGRESS_PER_SECOND = 4;
