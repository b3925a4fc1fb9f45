/** What is known of a socket's outbound buffer. */
export interface Outbound {
  bufferedBytes: number;
  /** When it was last seen empty, or when the operating system last took all that had been written. */
  drainedAtMs: number;
  nowMs: number;
}

export const MAX_BUFFERED_BYTES = 1024 * 1024;
export const MAX_UNDRAINED_MS = 5000;

/** A socket that does not keep up gets no more frames: they would pile up here, and it would show the past. */
export function isStalled({ bufferedBytes, drainedAtMs, nowMs }: Outbound): boolean {
  if (bufferedBytes === 0) return false;
  return bufferedBytes > MAX_BUFFERED_BYTES || nowMs - drainedAtMs > MAX_UNDRAINED_MS;
}
