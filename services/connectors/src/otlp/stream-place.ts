/** Up to where of a stream everything was handed on. */
export interface StreamPlace {
  /** Number of the last message; 0 where only the time is known. */
  sequence: number;
  /** When the broker stored it, to the nanosecond, as it writes times. */
  storedAt: string;
}

/** What the broker says of the stream and of who reads it. */
export interface StreamLook {
  /** Number of the last message that the stream has. */
  last: number;
  /** Number of the last message that the consumer was given. */
  delivered: number;
  /** When the message was stored that has the number of the place now; undefined where there is none. */
  storedAt: string | undefined;
}

/** The place, as a person reads it where the consumer is described. */
export function describePlace({ sequence, storedAt }: StreamPlace): string {
  return `handed on up to message ${sequence}, stored at ${storedAt}`;
}

const PLACE = /^handed on up to message (\d+), stored at (\d{4}-[\d:T.-]+Z)$/;

/** What {@link describePlace} wrote; undefined for any other text. */
export function readPlace(description: string | undefined): StreamPlace | undefined {
  const [, sequence, storedAt = ''] = PLACE.exec(description ?? '') ?? [];
  if (sequence === undefined || Number.isNaN(Date.parse(storedAt))) return undefined;
  return { sequence: Number(sequence), storedAt };
}

/**
 * Did the stream forget messages that were handed out, as that of a server does whose machine lost its power before they were on the disk?
 * It gives their numbers to the next ones, which the consumer takes for those that it had. Pure.
 */
export function hasForgotten(place: StreamPlace | undefined, look: StreamLook): boolean {
  const { last, delivered, storedAt } = look;
  if (delivered > last) return true;
  if (!place || place.sequence === 0) return false;
  // More may have come since: then the number stands for another message. One that was deleted is none.
  return place.sequence > last || (storedAt !== undefined && storedAt !== place.storedAt);
}

const NANOS_PER_SECOND = 1_000_000_000;

/** The first moment after a time that the broker wrote. */
export function justAfter(time: string): string {
  const [, second = '', fraction = ''] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(time) ?? [];
  const nanos = Number(fraction.padEnd(9, '0')) + 1;
  const startMs = Date.parse(`${second}Z`) + (nanos === NANOS_PER_SECOND ? 1000 : 0);
  const digits = String(nanos % NANOS_PER_SECOND).padStart(9, '0');
  return `${new Date(startMs).toISOString().slice(0, 19)}.${digits}Z`;
}
