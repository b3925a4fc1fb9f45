import type { JsMsg } from '@nats-io/jetstream';

// The library has no public word for the bytes of a message, of which it makes texts, maps and objects that it keeps as long as the
// message waits. This one file knows where it has them.

interface Kept {
  didAck?: boolean;
  msg?: {
    _rdata?: Uint8Array;
    _msg?: { hdr: number; reply?: Uint8Array };
    publisher?: { sendCommand?(command: Uint8Array): void };
  };
}

const keptOf = (message: JsMsg): Kept => message as unknown as Kept;

/** Its headers as they came, of which ASCII is read; undefined when they are not where they were. */
export function headerText(message: JsMsg): string | undefined {
  const { msg } = keptOf(message);
  if (!msg?._rdata || !msg._msg) return undefined;
  return asciiOf(msg._rdata, Math.max(0, msg._msg.hdr));
}

/** The first bytes as they stand: what comes from the network is a `Buffer`, of which no other view has to be made. */
function asciiOf(bytes: Uint8Array, length: number): string {
  const { buffer, byteOffset, byteLength } = bytes;
  const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, byteLength);
  return view.toString('latin1', 0, length);
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
