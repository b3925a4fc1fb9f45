import { isErrored } from 'node:stream';

import { bytesOf } from './bytes-of.ts';
import { watchForDrop, type DropWatch } from './drop-watch.ts';
import type { OpenCall } from './open-call.ts';
import { disturb, tapBody, type Body } from './tap-body.ts';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** What reading gives, by a reader or by an iterator. */
interface ReadResult {
  done?: boolean | undefined;
  value?: unknown;
}

/** What the runtime cancels a body with whose response is garbage, and which nobody has begun to read. */
const COLLECTED = 'Response object has been garbage collected';

/** Tells a call what the app reads of a body that stays the runtime's own, whichever way it reads it. */
export class BodyWatch {
  readonly got: <T extends ReadResult>(result: T) => T;
  readonly failed: (error: unknown) => never;
  private readonly call: OpenCall;
  private readonly body: Body;
  private readonly drop: DropWatch;
  private isOpened = false;
  private isOver = false;
  /** What is read instead where the runtime reads the body by itself. Held weakly: by it the app may drop the answer, and not by the body. */
  private fronting: WeakRef<Body> | undefined = undefined;
  private fronted: Reader | undefined = undefined;
  /** That one, while nothing of the app holds it, and there may be a chunk in it. */
  private resting: Body | undefined = undefined;
  private isTeed = false;

  constructor(response: Response, body: Body, call: OpenCall) {
    this.body = body;
    this.call = call;
    // Until it is read; it is not held here, since the runtime holds the body itself.
    this.drop = watchForDrop(response, call);
    // Made once, and not for each chunk.
    this.got = (result) => {
      this.take(result);
      return result;
    };
    this.failed = (error) => {
      // What the app itself did wrong is no fault of the answer.
      if (!this.isOver && isErrored(this.body as never)) {
        this.isOver = true;
        this.call.threw(error);
      }
      throw error;
    };
  }

  /** The app reads the body by this from now on, and holds it. */
  heldBy(reader: object): void {
    this.drop.moveTo(reader);
  }

  /** It is read now. */
  reads(): void {
    if (this.isOpened) return;
    this.isOpened = true;
    this.call.opened();
  }

  /** Nobody reads it any more, but somebody may again. */
  rests(): void {
    this.drop.moveTo(undefined);
    if (this.isOver) return;
    this.isOpened = false;
    this.call.rested();
  }

  /** Nobody wants more of it. */
  left(reason: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.call.closed();
    this.call.left(reason === COLLECTED ? 'abandoned' : 'cancelled', 'app');
  }

  /** Another stream is read in its place. Of what was halved the runtime itself says that it is locked. */
  isFronted(): boolean {
    return this.fronting !== undefined && !this.isTeed;
  }

  /** Whether somebody reads that one. */
  isFrontLocked(): boolean {
    return this.fronting?.deref()?.locked ?? false;
  }

  /** A stream that gives the same, for those who read it by what no method of the body hears of. */
  front(): Body {
    let front = this.resting ?? this.fronting?.deref();
    this.resting = undefined;
    if (!front) {
      this.fronted ??= ReadableStream.prototype.getReader.call(this.body) as Reader;
      front = tapBody(undefined, this.body, this.call, {
        reader: this.fronted,
        onUnread: () => this.piped(),
      });
      this.fronting = new WeakRef(front);
    }
    this.drop.moveTo(front);
    return front;
  }

  /** Both halves of it are read from now on. */
  teed(): void {
    this.isTeed = true;
  }

  /** A pipe reads it from now on, if it could be made. */
  piping(): void {
    if (this.isFrontLocked()) disturb(this.body);
  }

  /** A pipe may have left the rest to others. */
  piped(): void {
    const front = this.fronting?.deref();
    if (!front || front.locked) return;
    this.resting = front;
    this.rests();
  }

  private take({ done, value }: ReadResult): void {
    if (this.isOver) return;
    if (done) {
      this.isOver = true;
      this.call.bodyEnded();
      return;
    }
    const bytes = bytesOf(value);
    // Which copies it: the app may transfer its own, which would empty ours.
    if (bytes) this.call.chunk(bytes);
  }
}
