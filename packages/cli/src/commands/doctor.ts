import type { Context } from '../context.ts';
import { formatFindings } from '../doctor/format-findings.ts';
import { runDoctor } from '../doctor/run-doctor.ts';
import { jsonLine } from '../terminal/printable.ts';

/** `doctor`: what is wrong, and what to do. Exit code 1 when there is a problem. */
export async function doctor(context: Context, options: { json?: boolean }): Promise<number> {
  const { terminal } = context;
  const findings = await runDoctor(context);
  const isWell = findings.every(({ level }) => level !== 'problem');
  if (options.json) terminal.print(jsonLine({ ok: isWell, findings }));
  else terminal.print(formatFindings(findings, terminal.style));
  return isWell ? 0 : 1;
}
