import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

// The library has no public word for the bytes of a message, of which it makes texts, maps and objects, nor for a command of the
// protocol as bytes. This one file knows where it has them.

interface Kept {
  reply?: string;
  msg?: {
    _rdata?: Uint8Array;
    _msg?: { hdr: number; reply?: Uint8Array };
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

/** Where it is answered; undefined when that is not where it was. */
export function replyBytes(message: JsMsg): Uint8Array | undefined {
  return keptOf(message).msg?._msg?.reply;
}

/** The same as the text that the library makes of it, which its public type leaves out. */
export function replyText(message: JsMsg): string {
  const { reply } = keptOf(message);
  if (!reply) throw new Error('the NATS library does not say where a message is acked');
  return reply;
}

/** Its headers with its body behind them; undefined when they are not where they were. */
export function contentBytes(
  message: JsMsg,
): { content: Uint8Array; headLength: number } | undefined {
  const { msg } = keptOf(message);
  if (!msg?._rdata || !msg._msg) return undefined;
  return { content: msg._rdata, headLength: Math.max(0, msg._msg.hdr) };
}

/** Sends a command of the protocol on a connection. @returns false when it cannot be sent so */
export function sendCommand(connection: NatsConnection, command: Uint8Array): boolean {
  const { protocol } = connection as unknown as {
    protocol?: { sendCommand?(command: Uint8Array): void };
  };
  if (typeof protocol?.sendCommand !== 'function') return false;
  protocol.sendCommand(command);
  return true;
}
