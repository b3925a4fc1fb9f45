/** What the address to which a message is acked says of it. */
export interface Delivery {
  /** 1 when it was never handed out before. */
  deliveries: number;
  /** When the broker stored it, whole ms since 1970. */
  storedAtMs: number;
}

const DELIVERIES_BEFORE_TIME = 3;
/** Without the broker's domain and account, which newer ones put before the stream. */
const DOTS_OF_OLD = 8;
const [PARTS_BEFORE_OLD, PARTS_BEFORE_NEW] = [4, 6];
const NANO_DIGITS = 6;
const DOT = 46;

/**
 * Reads `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer sequence>.<time in ns>.<pending>`, as the library does, without
 * the object of eleven fields that it keeps for each message.
 */
export function readDelivery(ackSubject: string): Delivery {
  let dots = 0;
  for (let i = 0; i < ackSubject.length; i++) if (ackSubject.charCodeAt(i) === DOT) dots += 1;
  const at = startOf(ackSubject, 0, dots === DOTS_OF_OLD ? PARTS_BEFORE_OLD : PARTS_BEFORE_NEW);
  const timeAt = startOf(ackSubject, at, DELIVERIES_BEFORE_TIME);
  return {
    deliveries: Number(ackSubject.slice(at, ackSubject.indexOf('.', at))),
    storedAtMs: Number(ackSubject.slice(timeAt, ackSubject.indexOf('.', timeAt) - NANO_DIGITS)),
  };
}

/** Where the part begins that comes so many parts behind `from`. */
function startOf(subject: string, from: number, parts: number): number {
  let at = from;
  for (let i = 0; i < parts; i++) at = subject.indexOf('.', at) + 1;
  return at;
}
