import type { CallDescription } from '../call/call-description.ts';
import type { CallTracker } from '../call/call-tracker.ts';

/** A protocol that LLM servers speak, recognised by a call's path. */
export interface WireFormat {
  /** What the request asks for. `body` is what was passed to fetch. Runs off the path of the call. */
  describe(url: string, body: unknown): CallDescription;
  /** Reads the answer. */
  reader(response: ResponseHead, tracker: CallTracker): BodyReader;
}

/** What is known of a response before its body. */
export interface ResponseHead {
  status: number;
  statusText: string;
  ok: boolean;
  contentType: string;
}

/** Reads a response body, off the path of the call. Times are those at which the bytes arrived. */
export interface BodyReader {
  chunk(bytes: Uint8Array, atMs: number): void;
  /** The body is complete. */
  end(atMs: number): void;
}
