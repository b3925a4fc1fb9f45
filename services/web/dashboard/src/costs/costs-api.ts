import type { CostSettings, Problem } from '@llm-monitor/contracts/rest';

import { createOwnFetch } from '../rest/own-fetch.ts';

const PATIENCE_MS = 15_000;

/** @throws {Error} with what the API says */
async function ask(init: RequestInit): Promise<CostSettings> {
  const response = await createOwnFetch(window)('/api/settings/costs', {
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...init,
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as CostSettings;
  const { detail, title } = (body ?? {}) as Partial<Problem>;
  throw new Error(detail || title || response.statusText);
}

export const readPrices = (signal: AbortSignal) => ask({ signal });
export const writePrices = (settings: CostSettings) =>
  ask({
    ...{ method: 'PUT', body: JSON.stringify(settings) },
    headers: { 'content-type': 'application/json' },
  });
