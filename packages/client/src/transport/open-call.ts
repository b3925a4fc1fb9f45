import type { ResponseHead } from '../wire/wire-format.ts';

/**
 * One call on its way: notes what happens on the path of the app, with the time, and lets it be understood off that path, in order.
 * So an end that was seen first stays the end. No method throws.
 */
export interface OpenCall {
  readonly requestId: string;
  /** It was aborted from outside. */
  isCancelled(): boolean;
  /** `isBroken` tells whether the body has failed, which nobody may have read yet. */
  responded(head: ResponseHead, isBroken?: () => boolean): void;
  /** Somebody reads the answer. */
  opened(): void;
  /** Nobody reads it for now. */
  rested(): void;
  /** A message of the answer, parsed by the SDK. */
  message(message: unknown): void;
  /** Bytes of the answer, of which a copy is kept. */
  chunk(bytes: Uint8Array): void;
  bodyEnded(): void;
  /** The body came whole, and could not be read: what it says is not known. */
  bodyUnread(): void;
  /** The request or its body failed with this. */
  threw(error: unknown): void;
  /** The app aborts the request now. */
  aborted(): void;
  /** The signal of the request aborts, where it is for others to listen to it. */
  signalAborted(): void;
  /** The body will not be read further, whoever reads it. */
  closed(): void;
  /** The consumer went away, or never came. */
  left(outcome: 'cancelled' | 'abandoned', by: string): void;
  /** From now on this aborts the call, where nothing else did before. */
  abortable(by: Abortable): void;
  /**
   * Tells `of` off the path of the app once the answer has been there for a moment; when the call has ended by then, only if its
   * exchange goes on, and at once.
   */
  onAged(of: Aging): void;
}

export interface Abortable {
  abort(): void;
}

/** What changes when a call has lasted for a moment. */
export interface Aging {
  aged(): void;
}
