import type { Readiness } from '@llm-monitor/contracts/rest';

import { httpGet } from '../processes/http-get.ts';

const TIMEOUT_MS = 3000;

/** What a service says of itself. */
export type ReadinessReport =
  /** `clock`: what is wrong with it, which keeps nothing from working */
  { ready: true; clock?: string | undefined } | { ready: false; why: string };

/** The same, with what it looked at; nothing when it did not answer. */
type FullReport = ReadinessReport & { checks: Readiness['checks'] };

/** Asks `/ready`. */
export async function askReadiness(url: string): Promise<FullReport> {
  try {
    const { status, body } = await httpGet(url, { timeoutMs: TIMEOUT_MS });
    const checks = checksOf(body);
    return status === 200
      ? { ready: true, clock: clockOf(checks), checks }
      : { ready: false, why: explainChecks(body), checks };
  } catch (error) {
    return { ready: false, why: (error as Error).message || 'does not answer', checks: [] };
  }
}

/** The checks that failed, in one line. */
export function explainChecks(body: unknown): string {
  const failed = checksOf(body).filter((check) => !check.ok);
  return failed.map((check) => `${check.name}: ${check.detail}`).join('; ') || 'not ready';
}

function clockOf(checks: Readiness['checks']): string | undefined {
  const said = checks.filter(({ name }) => name === 'clock' || name === 'broker-clock');
  return said.find(({ detail }) => detail !== '')?.detail;
}

function checksOf(body: unknown): Readiness['checks'] {
  return (body as Partial<Readiness> | undefined)?.checks ?? [];
}
