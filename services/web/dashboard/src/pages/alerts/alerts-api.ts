import type {
  AlertList,
  AlertMetricList,
  AlertPreview,
  AlertRule,
  AlertRuleChange,
  AlertRuleList,
} from '@llm-monitor/contracts/alerts';

import { askWhole } from '../../rest/api.ts';
import { createOwnFetch } from '../../rest/own-fetch.ts';

const PATIENCE_MS = 15_000;
const SHOWN = 30;

/** Below `/api/alerts`. @throws {ApiError} */
export async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const fetch = createOwnFetch(window);
  return (await askWhole<Answer>(fetch, `/api/alerts${path}`, { signal, ...init })).body;
}

export const sending = (method: string, rule: object) => ({ method, body: JSON.stringify(rule) });

export const readResolved = (signal: AbortSignal) =>
  ask<AlertList>(`?state=resolved&limit=${SHOWN}`, { signal });
export const readRules = (signal: AbortSignal) => ask<AlertRuleList>('/rules', { signal });
export const readMetrics = (signal: AbortSignal) => ask<AlertMetricList>('/metrics', { signal });
export const readTemplates = () => ask<AlertRuleList>('/templates');
export const writeRule = (rule: AlertRule) =>
  ask<AlertRuleChange>(`/rules/${encodeURIComponent(rule.id)}`, sending('PUT', rule));
export const removeRule = (id: string) =>
  ask<null>(`/rules/${encodeURIComponent(id)}`, { method: 'DELETE' });
export const previewRule = (rule: AlertRule) =>
  ask<AlertPreview>('/preview', sending('POST', rule));
/** All rules at once. With `dryRun` it only says what that would change. */
export const importRules = (yaml: string, dryRun: boolean) =>
  ask<AlertRuleChange>(`/rules${dryRun ? '?dryRun=true' : ''}`, {
    ...{ method: 'PUT', body: yaml, headers: { 'content-type': 'application/yaml' } },
  });
