import type { CallDescription } from '../call/call-description.ts';
import type { CallResult } from '../call/call-result.ts';
import type { CallTracker } from '../call/call-tracker.ts';
import type { Run } from './line-shape.ts';

/** A protocol that LLM servers speak, recognised by a call's path. */
export interface WireFormat {
  /**
   * What the request asks for; undefined when it names no model, and so calls none. `body` is what was passed to fetch, or the `BodyEdges`
   * of one. Runs off the path of the call.
   */
  describe(url: string, body: unknown): CallDescription | undefined;
  /** Reads the answer. */
  reader(response: ResponseHead, tracker: CallTracker): BodyReader;
  /**
   * Reads one message of a streamed answer that an SDK has parsed already, where a message is enough to tell how the answer ended.
   * Must be fast: it runs on the path of the call.
   */
  piece?(message: unknown, atMs: number): Piece;
  /**
   * The text of a message that brings text and nothing else, and is not the last one, as most are; empty for any other. The same as `piece` says of
   * it, without an object for each.
   */
  plainText?(message: unknown): string;
  /** What an error says about the end of a call, where the SDK's own errors mean more than what they are. */
  resultOfThrown(thrown: unknown, atMs: number): CallResult;
}

/** What is known of a response before its body. */
export interface ResponseHead {
  status: number;
  statusText: string;
  ok: boolean;
  contentType: string;
  /** Whoever asked tells of the messages of a stream: the body itself is read for what is one object. */
  isWhole?: boolean;
}

/** Reads a response body, off the path of the call. Times are those at which the bytes arrived. */
export interface BodyReader {
  chunk(bytes: Uint8Array, atMs: number): void;
  /** The body is complete. */
  end(atMs: number): void;
  /** How the call ended when nobody reads its answer further: undefined when that was not complete. */
  settled?(): Omit<CallResult, 'atMs'> | undefined;
}

/** What one message of an answer brings. */
export interface Piece {
  /** Length of its content and thinking. */
  chars: number;
  /** Its content. */
  text: string;
  /** Its thinking; the text of a tool call is neither. */
  thinking?: string;
  /** There is content, thinking or a tool call in it. */
  isOutput: boolean;
  /** When it came. */
  atMs: number;
  /** It is the last one. */
  end: Omit<CallResult, 'atMs'> | undefined;
}

/** Tells a tracker of a piece. */
export function trackPiece(piece: Piece, tracker: CallTracker): void {
  const { atMs, chars, text, thinking = '' } = piece;
  if (piece.isOutput) tracker.output({ chars, text, thinking }, atMs);
  // In this order: a copy that then grows has a shape that V8 learns anew each time.
  if (piece.end) tracker.end({ atMs, ...piece.end });
}

/** Tells a tracker of lines that were read at once. @returns where they end */
export function trackRun({ end, lines, text }: Run, atMs: number, tracker: CallTracker): number {
  if (lines > 0) tracker.output({ chunks: lines, chars: text.length, text }, atMs);
  return end;
}
