import type { EndStatus } from '@llm-monitor/contracts/rest';

/** Which of the calls that ended. */
export interface HistoryChoice {
  model?: string | undefined;
  app?: string | undefined;
  host?: string | undefined;
  session?: string | undefined;
  user?: string | undefined;
  status?: readonly EndStatus[] | undefined;
  search?: string | undefined;
  /** What was found of it, such as `truncated`. */
  verdict?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  /** So long before now, ms; instead of `since`. */
  range?: number | undefined;
  /** Demo traffic alone. */
  demo?: boolean | undefined;
}

/** The choice as parameters of the API's history and exports. */
export function historyParameters(choice: HistoryChoice, nowMs: number): URLSearchParams {
  const { range, since, until, status } = choice;
  const from = range === undefined ? since : new Date(nowMs - range);
  const given: Record<string, string | undefined> = {
    model: choice.model,
    app: choice.app,
    host: choice.host,
    session: choice.session,
    user: choice.user,
    status: status?.join(','),
    q: choice.search,
    verdict: choice.verdict,
    from: from?.toISOString(),
    to: until?.toISOString(),
    demo: choice.demo ? 'only' : undefined,
  };
  const named = Object.entries(given).filter(
    (each): each is [string, string] => each[1] !== undefined,
  );
  return new URLSearchParams(named);
}

/** What is exported: calls as {@link HistoryChoice} says, or figures over time. */
export interface ExportChoice extends HistoryChoice {
  /** Of series: which figures. */
  metrics?: readonly string[] | undefined;
  /** Of series: seconds of a step. */
  step?: number | undefined;
  /** Of rollups. */
  resolution?: 'minute' | 'hour' | undefined;
}

/** The choice as parameters of an export. */
export function exportParameters(choice: ExportChoice, nowMs: number): URLSearchParams {
  const parameters = historyParameters(choice, nowMs);
  const { metrics, step, resolution } = choice;
  if (metrics !== undefined) parameters.set('metrics', metrics.join(','));
  if (step !== undefined) parameters.set('step', String(step));
  if (resolution !== undefined) parameters.set('resolution', resolution);
  return parameters;
}
