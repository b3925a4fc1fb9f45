import { readFileSync } from 'node:fs';

/** Clock ticks a second of `/proc/<pid>/stat` on Linux. */
const TICKS_PER_SECOND = 100;

/** CPU time that a process has used so far, user and system, ms. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @param q 0–1 */
export function percentile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** Of the straight line that lies closest to the points: how much y grows with each x. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const shared = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return shared / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** Prints rows as aligned columns; the first row is the head. */
export function printTable(rows: readonly (readonly (string | number)[])[]): void {
  for (const line of formatTable(rows)) process.stdout.write(`${line}\n`);
}

/** Rows as lines of aligned columns. */
export function formatTable(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 ? String(cell).padEnd(widths[column]!) : String(cell).padStart(widths[column]!),
    );
    return cells.join('  ');
  });
}
