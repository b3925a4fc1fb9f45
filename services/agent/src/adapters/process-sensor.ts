import type { ProcessReading } from '../core/process-usage.ts';
import { createLinuxProcessSensor } from './linux-process-sensor.ts';
import { createListedProcessSensor } from './listed-process-sensor.ts';

/** Finds the processes of one inference server on this machine, and reads what they take. */
export interface ProcessSensor {
  /** Empty when they cannot be found: there are none, they run elsewhere, or it is not allowed to see them. Never throws. */
  read(nowMs: number): Promise<ProcessReading[]>;
}

/** @param options.port where the server listens on this machine */
export function createProcessSensor(options: { port: number; platform: string }): ProcessSensor {
  return options.platform === 'linux'
    ? createLinuxProcessSensor(options.port)
    : createListedProcessSensor(options.platform);
}
