import type { JsMsg } from '@nats-io/jetstream';

/**
 * A header of a message; undefined when there is none. It is looked for in the message's bytes: the library would make a map of all
 * headers and keep it as long as the message, which costs more than to parse the body. It has no public word for the bytes.
 */
export function readHeader(message: JsMsg, name: string): string | undefined {
  const { msg } = message as unknown as { msg?: { _rdata?: Uint8Array; _msg?: { hdr: number } } };
  if (!msg?._rdata || !msg._msg) return askLibrary(message, name);
  const { buffer, byteOffset } = msg._rdata;
  const text = Buffer.from(buffer, byteOffset, Math.max(0, msg._msg.hdr)).toString();
  const at = text.indexOf(`\r\n${name}:`);
  if (at < 0) return undefined;
  const from = at + name.length + 3;
  return text.slice(from, text.indexOf('\r\n', from)).trim() || undefined;
}

/** Headers that are not well-formed count as none: the library throws then. */
function askLibrary(message: JsMsg, name: string): string | undefined {
  try {
    return message.headers?.get(name) || undefined;
  } catch {
    return undefined;
  }
}
