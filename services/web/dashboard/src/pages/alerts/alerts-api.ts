import type {
  AlertList,
  AlertMetricList,
  AlertPreview,
  AlertRule,
  AlertRuleChange,
  AlertRuleList,
  RuleProblem,
} from '@llm-monitor/contracts/alerts';
import type { Problem } from '@llm-monitor/contracts/rest';

import { createOwnFetch } from '../../rest/own-fetch.ts';

const PATIENCE_MS = 15_000;
const SHOWN = 30;

/** What the API refused, field by field where it says so. */
export class RuleError extends Error {
  override name = 'RuleError';
  readonly problems: readonly RuleProblem[];

  constructor(message: string, problems: readonly RuleProblem[]) {
    super(message);
    this.problems = problems;
  }
}

/** Below `/api/alerts`. @throws {RuleError} */
export async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await createOwnFetch(window)(`/api/alerts${path}`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...init,
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as Answer;
  const { detail, title, problems } = (body ?? {}) as Partial<
    Problem & { problems: RuleProblem[] }
  >;
  throw new RuleError(detail || title || response.statusText, problems ?? []);
}

export const sending = (method: string, rule: object) => ({
  ...{ method, body: JSON.stringify(rule) },
  headers: { 'content-type': 'application/json' },
});

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
