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
  return new Meter();
}

class Meter implements OutputMeter {
  private chunks = 0;
  private chars = 0;
  // Readings of the past second: enough for a rate, whatever the number of chunks.
  private readings: { atMs: number; chunks: number }[] = [];

  total(): { chunks: number; chars: number } {
    return { chunks: this.chunks, chars: this.chars };
  }

  add(chars: number, atMs: number, chunks = 1): void {
    if (this.chunks === 0) this.readings.push({ atMs, chunks: 0 });
    this.chunks += chunks;
    this.chars += chars;
  }

  rate(nowMs: number): number | undefined {
    const recent = this.readings.findIndex((reading) => reading.atMs >= nowMs - WINDOW_MS);
    this.readings = this.readings.slice(recent === -1 ? -1 : Math.max(0, recent - 1));
    const first = this.readings[0];
    this.readings.push({ atMs: nowMs, chunks: this.chunks });
    if (!first || nowMs - first.atMs <= 0) return undefined;
    return ((this.chunks - first.chunks) * 1000) / (nowMs - first.atMs);
  }
}
