import type { IncomingMessage, OutgoingMessage } from 'node:http';

const NOTHING = Buffer.alloc(0);

/**
 * Passes a body on, each chunk at once, and stops reading where the receiver does not keep up.
 * The head of `sink` leaves in the same turn, with the first chunk if that is there.
 */
export function pumpBody(
  source: IncomingMessage,
  sink: OutgoingMessage,
  seen: ((chunk: Buffer) => void) | undefined,
): void {
  const resume = () => void source.resume();
  source.on('data', (chunk: Buffer) => {
    if (source.complete && source.readableLength === 0) joinEnd(sink);
    if (!sink.write(chunk)) {
      source.pause();
      sink.once('drain', resume);
    }
    seen?.(chunk);
  });
  // What has come already takes the head with it. Not flushHeaders(), which would send bytes above 0x7f in a header as two.
  if (source.readableLength === 0) sink.write(NOTHING);
}

/** Reads what is left of a body for nobody, so that the next message of its connection is heard. */
export function dropBody(source: IncomingMessage): void {
  source.removeAllListeners('data');
  source.resume();
}

/** The last chunk and the end, which comes in this same turn, leave in one piece: a system call costs more than all the rest here. */
function joinEnd(sink: OutgoingMessage): void {
  const { socket } = sink;
  socket?.cork();
  setImmediate(() => socket?.uncork());
}
