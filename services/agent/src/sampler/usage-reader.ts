import type { ProcessSensor } from '../adapters/process-sensor.ts';
import { isDue } from '../core/is-due.ts';
import { createUsageMeter, type Usage } from '../core/process-usage.ts';

/** CPU time is counted in hundredths of a second: readings that are closer than this tell nothing, and many calls must not mean many readings. */
const LEAST_GAP_MS = 50;

/** Reads what one server's processes take, for samples and at the beginnings and ends of calls. */
export interface UsageReader {
  /** A new reading; undefined when the processes cannot be found. */
  read(): Promise<Usage | undefined>;
  /** A reading as soon as it would tell something new. */
  readSoon(): Promise<void>;
  /** The last one, if nothing newer would tell more. */
  recent(): Usage | undefined;
}

export function createUsageReader(
  sensor: ProcessSensor,
  onUsage: (usage: Usage) => void,
): UsageReader {
  const meter = createUsageMeter();
  let last: Usage | undefined;
  let reading: Promise<Usage | undefined> | undefined;
  let soon: Promise<void> | undefined;

  const readNow = async () => {
    const nowMs = Date.now();
    last = meter.add(await sensor.read(nowMs), nowMs);
    if (last) onUsage(last);
    return last;
  };
  const read = () => (reading ??= readNow().finally(() => (reading = undefined)));
  const waitAndRead = async () => {
    const nowMs = Date.now();
    const waitMs =
      !last || isDue(nowMs, last.atMs, LEAST_GAP_MS) ? 0 : last.atMs + LEAST_GAP_MS - nowMs;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await read();
  };
  return {
    read,
    readSoon: () => (soon ??= waitAndRead().finally(() => (soon = undefined))),
    recent: () => (last && !isDue(Date.now(), last.atMs, LEAST_GAP_MS) ? last : undefined),
  };
}
