import type { JsMsg } from '@nats-io/jetstream';

/** A header of a message; undefined when there is none, or when the headers are not well-formed (the library throws then). */
export function readHeader(message: JsMsg, name: string): string | undefined {
  try {
    return message.headers?.get(name) || undefined;
  } catch {
    return undefined;
  }
}
