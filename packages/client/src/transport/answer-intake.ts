import type { CallTracker } from '../call/call-tracker.ts';
import type { BodyReader, ResponseHead, WireFormat } from '../wire/wire-format.ts';
import { createByteLog, type ByteLog } from './byte-log.ts';
import { PendingOutput } from './pending-output.ts';

/** Takes in an answer on the path of the app, and lets it be understood off that path. */
export class AnswerIntake {
  private readonly format: WireFormat;
  private readonly onWaiting: () => void;
  private readonly output: PendingOutput;
  private bytes: ByteLog | undefined = undefined;
  private head: ResponseHead | undefined = undefined;
  private opened: BodyReader | undefined = undefined;

  /** @param onWaiting something waits to be told, and nothing did before */
  constructor(format: WireFormat, keptChars: number, onWaiting: () => void) {
    this.format = format;
    this.onWaiting = onWaiting;
    this.output = new PendingOutput(keptChars);
  }

  responded(head: ResponseHead): void {
    this.head = head;
  }

  hasHead(): boolean {
    return this.head !== undefined;
  }

  /** A message that was parsed already. @returns whether it is the last one */
  message(message: unknown): boolean {
    try {
      return this.take(message);
    } catch {
      // A message that cannot be understood is not counted.
      return false;
    }
  }

  /** Bytes, of which a copy is kept. */
  chunk(chunk: Uint8Array): void {
    this.bytes ??= createByteLog();
    if (this.bytes.isEmpty()) this.onWaiting();
    this.bytes.add(chunk);
  }

  /** Tells of what came since the last time; to nobody when the call is not followed any more. */
  tellTo(tracker: CallTracker | undefined): void {
    const { bytes } = this;
    const into = tracker && bytes && !bytes.isEmpty() ? this.reader(tracker) : undefined;
    bytes?.take((chunk, atMs) => into?.chunk(chunk, atMs));
    this.output.tellTo(tracker);
    tracker?.progress(performance.now());
  }

  /** What reads the bytes of this answer; undefined before its head is there. */
  reader(tracker: CallTracker): BodyReader | undefined {
    if (this.head) this.opened ??= this.format.reader(this.head, tracker);
    return this.opened;
  }

  private take(message: unknown): boolean {
    const { output } = this;
    const { sinceMs } = output;
    const plain = sinceMs === undefined ? '' : (this.format.plainText?.(message) ?? '');
    if (plain !== '') {
      output.addPlain(plain);
      return false;
    }
    // When what comes after the first came does not matter, until the last.
    const piece = this.format.piece?.(message, sinceMs ?? performance.now());
    if (!piece) return false;
    if (piece.end && sinceMs !== undefined) piece.atMs = performance.now();
    output.add(piece);
    if (sinceMs === undefined && output.sinceMs !== undefined) this.onWaiting();
    return piece.end !== undefined;
  }
}
