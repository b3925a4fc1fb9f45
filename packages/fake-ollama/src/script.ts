/** One tool call as a model asks for it. */
export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** How an answer's lines become chunks on the wire: so many whole lines in each, or cut every so many bytes wherever that falls. */
export type Chunking = { lines: number } | { bytes: number };

/** How an answer goes wrong. `afterLines` counts the answer's lines that are still sent before it (default 0). */
export type Fault =
  /** A refusal instead of an answer. `error` becomes the protocol's JSON body; `body` is sent verbatim. */
  | {
      kind: 'http';
      status: number;
      error?: string;
      body?: string;
      contentType?: string;
      headers?: Record<string, string>;
    }
  /** An error as a line or an event under status 200; without streaming the answer is a 500 with it. */
  | { kind: 'error-line'; error: string; afterLines?: number }
  /** The connection is reset. Without `afterLines` before any header. */
  | { kind: 'reset'; afterLines?: number }
  /** The body ends properly, but before what ends its answer. */
  | { kind: 'eof'; afterLines?: number }
  /** Nothing more comes until the client leaves. Without `afterLines` not even headers. */
  | { kind: 'hang'; afterLines?: number };

/** What to answer to one request. Every field has a default. */
export interface Script {
  /** Pieces of the answer, one line each. */
  content?: readonly string[];
  /** Pieces of thinking, sent before the content. */
  thinking?: readonly string[];
  /** Sent on a line of their own after the content. */
  toolCalls?: readonly ToolCall[];
  /** In Ollama's own protocol: the final line carries the last piece of content too, instead of an empty text. */
  finalLineHasContent?: boolean;
  /** By default what the protocol says of an answer that is complete: `stop`, `tool_calls`, `end_turn` … */
  doneReason?: string;
  /** The model is in memory once this has come; by default at once. */
  loaded?: Promise<unknown>;
  /** Nothing is answered before this has come. */
  after?: Promise<unknown>;
  headersDelayMs?: number;
  /** Between the headers and the first line. */
  firstTokenDelayMs?: number;
  /** Between two lines. */
  tokenDelayMs?: number;
  chunking?: Chunking;
  /** Compress the answer, chunk by chunk. */
  gzip?: boolean;
  /** Leave out the newline after the last line. */
  withoutLastNewline?: boolean;
  /** `created_at` of every line; by default the time it is written. */
  createdAt?: string;
  /** Replaces fields of Ollama's final line (`eval_count: undefined` leaves it out). */
  final?: Record<string, unknown>;
  /** Replaces fields of the `usage` of OpenAI and Anthropic. */
  usage?: Record<string, unknown>;
  /** Replaces what ends a stream, or the whole answer, as text: for what JSON.stringify cannot write. */
  finalText?: string;
  fault?: Fault;
}

const ANSWER = ['The ', 'sky ', 'is ', 'blue ', 'because ', 'air ', 'scatters ', 'light', '.'];

/** The answer to a request for which nothing was scripted. */
export const defaultContent: readonly string[] = ANSWER;
