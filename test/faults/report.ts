import { appendFileSync } from 'node:fs';

import { isFull } from './lengths.ts';

/** A fault as `pnpm test:faults` puts it into its table. */
export interface FaultLine {
  fault: string;
  measured: string;
  verdict: string;
  full: boolean;
}

/**
 * Says one line a fault: what was done, what was measured, and the verdict, which `check` must bear out.
 * `FAULTS_REPORT` names a file that gets it as a line of JSON.
 */
export function report(
  fault: string,
  measured: string,
  verdict: string,
  check: () => void = () => undefined,
): void {
  try {
    check();
    say({ fault, measured, verdict, full: isFull });
  } catch (error) {
    say({ fault, measured, verdict: 'BROKEN', full: isFull });
    throw error;
  }
}

function say(line: FaultLine): void {
  process.stdout.write(`fault: ${line.fault}: ${line.measured}: ${line.verdict}\n`);
  const file = process.env['FAULTS_REPORT'];
  if (file) appendFileSync(file, `${JSON.stringify(line)}\n`);
}
