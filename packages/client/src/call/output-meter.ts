/** Counts what a running call generates. Times are on the clock of `performance.now()`. No getters: see `CallTracker`. */
export interface OutputMeter {
  /** Stream chunks with something in them, of which the first came then. */
  add(chars: number, atMs: number, chunks?: number): void;
  /** All that was added. */
  total(): { chunks: number; chars: number };
  /** Chunks a second since the last reading, or over the last second where that is longer. */
  rate(nowMs: number): number | undefined;
}

const WINDOW_MS = 1000;

export function createOutputMeter(): OutputMeter {
  let chunks = 0;
  let chars = 0;
  // Readings of the past second: enough for a rate, whatever the number of chunks.
  let readings: { atMs: number; chunks: number }[] = [];
  return {
    total: () => ({ chunks, chars }),
    add(added, atMs, pieces = 1) {
      if (chunks === 0) readings.push({ atMs, chunks: 0 });
      chunks += pieces;
      chars += added;
    },
    rate(nowMs) {
      const recent = readings.findIndex((reading) => reading.atMs >= nowMs - WINDOW_MS);
      readings = readings.slice(recent === -1 ? -1 : Math.max(0, recent - 1));
      const first = readings[0];
      readings.push({ atMs: nowMs, chunks });
      if (!first || nowMs - first.atMs <= 0) return undefined;
      return ((chunks - first.chunks) * 1000) / (nowMs - first.atMs);
    },
  };
}
