import type { Script } from './script.ts';

/** Everything that an answer says, apart from when. */
export interface Inference {
  model: string;
  promptChars: number;
  script: Script;
  /** What was asked. */
  request: Readonly<Record<string, unknown>>;
}

/** How a protocol writes an answer. */
export interface Dialect {
  /** The media type of its streams. */
  streamType: string;
  /** The lines of a stream: one for each piece of thinking or content, one for the tool calls. */
  lines(inference: Inference): string[];
  /** What ends a stream. */
  ending(inference: Inference, elapsedMs: number): string;
  /** The one object that answers without streaming. */
  whole(inference: Inference, elapsedMs: number): unknown;
  /** An error that comes instead of the next line. */
  errorLine(message: string): string;
  /** The body of a refusal. */
  refusal(status: number, message: string): unknown;
}
