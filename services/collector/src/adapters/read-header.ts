import type { JsMsg } from '@nats-io/jetstream';

import { headerText } from './kept-message.ts';

/**
 * A header of a message, of ASCII; undefined when there is none. It is looked for in the message's bytes: the library would make a map of all
 * headers and keep it as long as the message, which costs more than to parse the body.
 */
export function readHeader(message: JsMsg, name: string): string | undefined {
  const text = headerText(message);
  return text === undefined ? askLibrary(message, name) : findHeader(text, name);
}

/** The first header of that name in a text that holds all of them. */
export function findHeader(text: string, name: string): string | undefined {
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
