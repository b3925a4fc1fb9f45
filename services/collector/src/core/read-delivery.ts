/** What the address to which a message is acked says of it. */
export interface Delivery {
  /** 1 when it was never handed out before. */
  deliveries: number;
  /** When the broker stored it, whole ms since 1970. */
  storedAtMs: number;
}

/** `$JS.ACK.<stream>.<consumer>` come before what counts; newer brokers put their domain and account before the stream. */
const [DOTS_OF_OLD, BEFORE_OLD, BEFORE_NEW] = [8, 4, 6];
const DELIVERIES_BEFORE_TIME = 3;
const NANO_DIGITS = 6;
const [DOT, ZERO] = [46, 48];

/** Where the dots of the address are that is read just now. */
const dots: number[] = [];

/**
 * Reads `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer sequence>.<time in ns>.<pending>` from its bytes, without the text
 * and the object of eleven fields that the library makes of it and keeps for each message.
 */
export function readDelivery(ackSubject: Uint8Array): Delivery {
  const part = findDeliveries(ackSubject);
  const time = part + DELIVERIES_BEFORE_TIME;
  return {
    deliveries: readNumber(ackSubject, dots[part] ?? 0, dots[part + 1] ?? 0),
    storedAtMs: readNumber(ackSubject, dots[time] ?? 0, (dots[time + 1] ?? 0) - NANO_DIGITS),
  };
}

/** Which message of its stream it is, by the same address. */
export function readSequence(ackSubject: Uint8Array): number {
  const part = findDeliveries(ackSubject) + 1;
  return readNumber(ackSubject, dots[part] ?? 0, dots[part + 1] ?? 0);
}

/** Notes where the dots are. @returns which of them is before the number of deliveries */
function findDeliveries(ackSubject: Uint8Array): number {
  dots.length = 0;
  for (let at = 0; at < ackSubject.length; at++) if (ackSubject[at] === DOT) dots.push(at);
  return (dots.length === DOTS_OF_OLD ? BEFORE_OLD : BEFORE_NEW) - 1;
}

/** The digits between two places. */
function readNumber(bytes: Uint8Array, after: number, before: number): number {
  let value = 0;
  for (let at = after + 1; at < before; at++) value = value * 10 + (bytes[at] ?? NaN) - ZERO;
  return value;
}
