/** Finds out which attempts are one call that is made again. */
export interface RetryLinks {
  /** The logical id of the failed attempt that this one repeats; undefined when it repeats none. */
  continues(fingerprint: number): string | undefined;
  /** An attempt failed in a way that is worth another. */
  failed(fingerprint: number, logicalId: string): void;
}

/** Longer than any SDK waits before its next attempt. */
const LONGEST_WAIT_MS = 120_000;
const MOST_FAILED = 100;
const EDGE = 256;

/** Forgets a failed attempt after two minutes. @param nowMs a monotonic clock */
export function createRetryLinks(nowMs: () => number): RetryLinks {
  // Oldest first. The same request may have failed several times at once, each of which is made again.
  let failures: { fingerprint: number; logicalId: string; atMs: number }[] = [];
  return {
    continues(fingerprint) {
      const earliestMs = nowMs() - LONGEST_WAIT_MS;
      const at = failures.findIndex(
        (one) => one.fingerprint === fingerprint && one.atMs >= earliestMs,
      );
      return at === -1 ? undefined : failures.splice(at, 1)[0]?.logicalId;
    },
    failed(fingerprint, logicalId) {
      failures.push({ fingerprint, logicalId, atMs: nowMs() });
      if (failures.length > MOST_FAILED) failures = failures.slice(-MOST_FAILED);
    },
  };
}

/**
 * What makes two attempts the same: where they go, how long they are, and how they begin and end.
 * Undefined for a body of which that is not known: such calls have nothing in common but their address.
 */
export function fingerprintOf(url: string, body: unknown): number | undefined {
  const text = edgesOf(body);
  if (text === undefined) return undefined;
  let hash = mixed(2_166_136_261, url, 0, url.length);
  hash = mixed(hash, text, 0, Math.min(EDGE, text.length));
  hash = mixed(hash, text, Math.max(0, text.length - EDGE), text.length);
  return hash * 2 ** 20 + (text.length % 2 ** 20);
}

/** A text as it is; of bytes, or of what was kept of them, enough to tell them apart. */
function edgesOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const end = bytes.toString('latin1', Math.max(0, bytes.length - EDGE));
    return `${bytes.length}:${bytes.toString('latin1', 0, EDGE)}${end}`;
  }
  const { start, end, length } = Object(body) as Record<string, unknown>;
  if (typeof start !== 'string' || typeof end !== 'string') return undefined;
  return `${Number(length)}:${start.slice(0, EDGE)}${end.slice(-EDGE)}`;
}

/** FNV-1a over UTF-16 code units. */
function mixed(start: number, text: string, from: number, to: number): number {
  let hash = start;
  for (let at = from; at < to; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  }
  return hash >>> 0;
}
