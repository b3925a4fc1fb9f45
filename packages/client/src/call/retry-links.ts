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

export function createRetryLinks(nowMs: () => number): RetryLinks {
  const failures = new Map<number, { logicalId: string; atMs: number }>();
  return {
    continues(fingerprint) {
      const failure = failures.get(fingerprint);
      if (!failure) return undefined;
      failures.delete(fingerprint);
      return nowMs() - failure.atMs <= LONGEST_WAIT_MS ? failure.logicalId : undefined;
    },
    failed(fingerprint, logicalId) {
      failures.delete(fingerprint);
      failures.set(fingerprint, { logicalId, atMs: nowMs() });
      for (const oldest of failures.keys()) {
        if (failures.size <= MOST_FAILED) break;
        failures.delete(oldest);
      }
    },
  };
}

/** What makes two attempts the same: where they go, how long they are, and how they begin and end. */
export function fingerprintOf(url: string, body: unknown): number {
  const text = typeof body === 'string' ? body : '';
  let hash = mixed(2_166_136_261, url, 0, url.length);
  hash = mixed(hash, text, 0, Math.min(EDGE, text.length));
  hash = mixed(hash, text, Math.max(0, text.length - EDGE), text.length);
  return hash * 2 ** 20 + (text.length % 2 ** 20);
}

/** FNV-1a over UTF-16 code units. */
function mixed(start: number, text: string, from: number, to: number): number {
  let hash = start;
  for (let at = from; at < to; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  }
  return hash >>> 0;
}
