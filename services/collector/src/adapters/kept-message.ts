import type { JsMsg } from '@nats-io/jetstream';

// The library has no public word for the bytes of a message, of which it makes texts, maps and objects that it keeps as long as the
// message waits. This one file knows where it has them.

interface Kept {
  didAck?: boolean;
  msg?: {
    _rdata?: Uint8Array;
    _msg?: { hdr: number; subject?: Uint8Array; reply?: Uint8Array };
    publisher?: { sendCommand?(command: Uint8Array): void };
  };
}

const keptOf = (message: JsMsg): Kept => message as unknown as Kept;

/** Its headers as they came; undefined when there are none, or when they are not where they were. */
export function headerBytes(message: JsMsg): Uint8Array | undefined {
  const { msg } = keptOf(message);
  return msg?._rdata && msg._msg && msg._rdata.subarray(0, Math.max(0, msg._msg.hdr));
}

/** On which subject it came; all that we use are ASCII. */
export function subjectOf(message: JsMsg): string {
  const bytes = keptOf(message).msg?._msg?.subject;
  return bytes ? asciiOf(bytes) : message.subject;
}

export function asciiOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

/** Where it is acked; undefined when that is not where it was. */
export function replyBytes(message: JsMsg): Uint8Array | undefined {
  return keptOf(message).msg?._msg?.reply;
}

/** Sends a command of the protocol on the connection of a message. @returns false when it cannot be sent so */
export function sendCommand(message: JsMsg, command: Uint8Array): boolean {
  const publisher = keptOf(message).msg?.publisher;
  if (typeof publisher?.sendCommand !== 'function') return false;
  publisher.sendCommand(command);
  return true;
}

/** It was acked past the library, which must not say of it any more that it is worked on. */
export function markAcked(message: JsMsg): void {
  keptOf(message).didAck = true;
}
