import type { Readiness } from '@llm-monitor/contracts/rest';

import { httpGet } from '../processes/http-get.ts';

const TIMEOUT_MS = 3000;

/** What a service says of itself. */
export type ReadinessReport = { ready: true } | { ready: false; why: string };

/** Asks `/ready`. */
export async function askReadiness(url: string): Promise<ReadinessReport> {
  try {
    const { status, body } = await httpGet(url, { timeoutMs: TIMEOUT_MS });
    return status === 200 ? { ready: true } : { ready: false, why: explainChecks(body) };
  } catch (error) {
    return { ready: false, why: (error as Error).message || 'does not answer' };
  }
}

/** The checks that failed, in one line. */
export function explainChecks(body: unknown): string {
  const checks = (body as Partial<Readiness> | undefined)?.checks ?? [];
  const failed = checks.filter((check) => !check.ok);
  return failed.map((check) => `${check.name}: ${check.detail}`).join('; ') || 'not ready';
}
