import type { VerdictKind } from '@llm-monitor/contracts/events';
import type { RequestRecord } from '@llm-monitor/contracts/redis';
import { statusOfOutcome, type EndStatus } from '@llm-monitor/contracts/rest';

import { matchesDemo, type DemoFilter } from '../store.ts';

/** Which ended calls to show. Times are of the end, ms since 1970. */
export interface HistoryFilter {
  demo: DemoFilter;
  model?: string;
  app?: string;
  host?: string;
  session?: string;
  user?: string;
  status?: readonly EndStatus[];
  /** Text that stands in the id, model, app, prompt, response or error, whatever its case. */
  q?: string;
  /** Of which that was found; it is known of the last 10,000 calls that had any verdict. */
  verdict?: VerdictKind;
  /** inclusive */
  fromMs?: number;
  /** exclusive */
  toMs?: number;
}

/** Says of a record whether the filter lets it through; times and verdicts, which are not in it, are the caller's to check. */
export function createHistoryFilter(filter: HistoryFilter): (record: RequestRecord) => boolean {
  const { demo, model, app, host, session, user } = filter;
  const statuses = filter.status && new Set<EndStatus>(filter.status);
  const text = filter.q?.toLowerCase();
  return (record) =>
    matchesDemo(record.demo ?? false, demo) &&
    (model === undefined || record.model === model) &&
    (app === undefined || record.app === app) &&
    (host === undefined || record.host === host) &&
    (session === undefined || record.sessionId === session) &&
    (user === undefined || record.userId === user) &&
    (!statuses || statuses.has(statusOfOutcome(record.outcome ?? 'orphaned'))) &&
    (!text || searched(record).some((part) => part?.toLowerCase().includes(text)));
}

function searched(record: RequestRecord): (string | undefined)[] {
  return [
    record.id,
    record.model,
    record.app,
    record.promptPreview,
    record.responsePreview,
    record.prompt,
    record.response,
    record.error?.type,
    record.error?.message,
  ];
}
