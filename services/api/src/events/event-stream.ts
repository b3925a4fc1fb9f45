import { PassThrough } from 'node:stream';

import { toNotice, type BridgedEvent, type Notice } from './server-sent-event.ts';

/** What somebody who listens over HTTP gets. */
export interface EventStream {
  body: PassThrough;
  send(event: BridgedEvent): void;
  notice(notice: Notice): void;
  /** A comment, so that nobody in between takes the line for dead. */
  beat(): void;
}

/** After its last word a stream that nobody reads is dropped. */
const LAST_WORD_MS = 10_000;
/** How long a browser waits before it connects again. */
const RETRY_MS = 3000;

/**
 * Holds at most `maxBytes` for who reads too slowly; then it says so and ends.
 * @param options.onEnd told once, when nothing more is sent
 */
export function createEventStream(options: { maxBytes: number; onEnd(): void }): EventStream {
  const body = new PassThrough();
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    options.onEnd();
  };
  body.once('close', end);
  const write = (text: string) => {
    if (isOver) return;
    if (body.readableLength + body.writableLength + text.length > options.maxBytes) {
      finish('cut-off');
    } else body.write(text);
  };
  const finish = (notice: Notice) => {
    end();
    body.end(toNotice(notice));
    setTimeout(() => body.destroy(), LAST_WORD_MS).unref();
  };
  // Something has to be written for the headers to go out.
  body.write(`retry: ${RETRY_MS}\n\n`);
  return {
    body,
    send: ({ text }) => write(text),
    notice(notice) {
      if (notice === 'closing') finish(notice);
      else write(toNotice(notice));
    },
    beat: () => write(': alive\n\n'),
  };
}
