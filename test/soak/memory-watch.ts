import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const MIB = 1024 * 1024;

/** A process that is watched. */
export interface Watched {
  name: string;
  pid: number;
}

/** How the memory of a process went, MiB. */
export interface MemoryCourse {
  name: string;
  /** At the first and the last reading after the warm-up. */
  first: number;
  last: number;
  most: number;
  /** By a straight line through all readings, MiB an hour. */
  slopePerHour: number;
}

/** Reads the resident memory of processes again and again. Linux only. */
export function watchMemory(processes: readonly Watched[]): {
  read(atSeconds: number): void;
  /** Takes a reading that was made elsewhere. */
  add(name: string, atSeconds: number, mib: number): void;
  /** @param fromSeconds readings before are warm-up */
  courses(fromSeconds: number): MemoryCourse[];
} {
  const readings = new Map<string, [atSeconds: number, mib: number][]>(
    processes.map(({ name }) => [name, []]),
  );
  return {
    read(atSeconds) {
      for (const { name, pid } of processes) {
        readings.get(name)?.push([atSeconds, residentMib(pid)]);
      }
    },
    add(name, atSeconds, mib) {
      readings.set(name, [...(readings.get(name) ?? []), [atSeconds, mib]]);
    },
    courses: (fromSeconds) =>
      [...readings].map(([name, all]) => {
        const counted = all.filter(([at]) => at >= fromSeconds);
        const values = counted.map(([, mib]) => mib);
        return {
          name,
          first: values[0] ?? Number.NaN,
          last: values.at(-1) ?? Number.NaN,
          most: Math.max(...values),
          slopePerHour: slopeOf(counted) * 3600,
        };
      }),
  };
}

function residentMib(pid: number): number {
  const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1];
  return (Number(pages) * PAGE_BYTES) / MIB;
}

/** Least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let over = 0;
  let under = 0;
  for (const [x, y] of points) {
    over += (x - meanX) * (y - meanY);
    under += (x - meanX) ** 2;
  }
  return under === 0 ? 0 : over / under;
}
