import type { CallTracker } from '../call/call-tracker.ts';
import type { BodyReader, ResponseHead, WireFormat } from '../wire/wire-format.ts';
import { createByteLog, type ByteLog } from './byte-log.ts';
import { createPendingOutput } from './pending-output.ts';

/** Takes in an answer on the path of the app, and lets it be understood off that path. */
export interface AnswerIntake {
  responded(head: ResponseHead): void;
  hasHead(): boolean;
  /** A message that was parsed already. @returns whether it is the last one */
  message(message: unknown): boolean;
  /** Bytes, of which a copy is kept. */
  chunk(bytes: Uint8Array): void;
  /** Tells of what came since the last time; to nobody when the call is not followed any more. */
  tellTo(tracker: CallTracker | undefined): void;
  /** What reads the bytes of this answer; undefined before its head is there. */
  reader(tracker: CallTracker): BodyReader | undefined;
}

/** @param onWaiting something waits to be told, and nothing did before */
export function createAnswerIntake(
  format: WireFormat,
  keptChars: number,
  onWaiting: () => void,
): AnswerIntake {
  const output = createPendingOutput(keptChars);
  let bytes: ByteLog | undefined;
  let head: ResponseHead | undefined;
  let opened: BodyReader | undefined;
  const reader = (tracker: CallTracker) => {
    if (head) opened ??= format.reader(head, tracker);
    return opened;
  };
  const take = (message: unknown): boolean => {
    const sinceMs = output.sinceMs();
    // When what comes after the first came does not matter, until the last.
    const piece = format.piece?.(message, sinceMs ?? performance.now());
    if (!piece) return false;
    if (piece.end && sinceMs !== undefined) piece.atMs = performance.now();
    output.add(piece);
    if (sinceMs === undefined && output.sinceMs() !== undefined) onWaiting();
    return piece.end !== undefined;
  };
  return {
    reader,
    responded: (of) => void (head = of),
    hasHead: () => head !== undefined,
    message(message) {
      try {
        return take(message);
      } catch {
        // A message that cannot be understood is not counted.
        return false;
      }
    },
    chunk(chunk) {
      bytes ??= createByteLog();
      if (bytes.isEmpty()) onWaiting();
      bytes.add(chunk);
    },
    tellTo(tracker) {
      const into = tracker && bytes && !bytes.isEmpty() ? reader(tracker) : undefined;
      bytes?.take((chunk, atMs) => into?.chunk(chunk, atMs));
      output.tellTo(tracker);
      tracker?.progress(performance.now());
    },
  };
}
