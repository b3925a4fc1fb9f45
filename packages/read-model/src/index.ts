// From what is kept in Redis to what is shown. The API answers with it, and the web service makes its snapshots of it.
export { namesOfRules, readAlertRules, readAlerts, readAlertsNow } from './alerts/read-alerts.ts';
export { readInstances, type Instance } from './apps/instances.ts';
export { readApps } from './apps/read-apps.ts';
export { readBot, readBots } from './bots/read-bots.ts';
export { readCostSettings, writeCostSettings } from './costs/cost-settings.ts';
export { createKeptSlicesCache, type KeptSlicesCache } from './figures/kept-slices.ts';
export {
  isCollecting,
  readCollecting,
  sumCollecting,
  type Collecting,
} from './figures/read-collecting.ts';
export { readFigures, type LiveFigures } from './figures/read-figures.ts';
export { readLifetimes, type CombinationLifetime } from './figures/read-lifetimes.ts';
export { readModels } from './figures/read-models.ts';
export { readFacets } from './figures/read-facets.ts';
export { readStats } from './figures/read-stats.ts';
export { readPipelineStore, type PipelineStore } from './figures/read-pipeline-store.ts';
export { readStatus } from './figures/read-status.ts';
export type { StatusFigures } from './figures/to-status.ts';
export { readHosts } from './hosts/read-hosts.ts';
export { readOverview, type Overview } from './read-overview.ts';
export { readActive } from './requests/read-active.ts';
export { readHistory, type HistoryPage } from './requests/read-history.ts';
export { readRequest, readRequests } from './requests/read-request.ts';
export type { HistoryFilter } from './requests/history-filter.ts';
export { decodeCursor, encodeCursor, type HistoryPosition } from './requests/history-position.ts';
export { parseRange, RANGE_FORM } from './rollups/parse-range.ts';
export { rollupPages, type RollupQuery, type RollupRow } from './rollups/rollup-pages.ts';
export { readSeries, type SeriesOptions } from './series/read-series.ts';
export { readTrends } from './series/read-trends.ts';
export { defaultStepSeconds, shortestStepSeconds } from './series/series-plan.ts';
export { createWindowReader, type WindowQuery, type WindowReader } from './series/window-reader.ts';
export type { DemoFilter, Store } from './store.ts';
export { baselineKey, learnBaselines, type Baseline } from './verdicts/baselines.ts';
export { createContexts } from './verdicts/contexts.ts';
export { judgeEnded } from './verdicts/judge-ended.ts';
export type { RunningCall } from './verdicts/judge-running.ts';
export {
  readEndedVerdicts,
  readStoredVerdicts,
  readVerdicts,
  readVerdictsSince,
} from './verdicts/read-verdicts.ts';
export {
  createRunningReader,
  laterProgress,
  type RunningReader,
} from './verdicts/running-reader.ts';
export { createVerdictWatch, type Verdicts, type VerdictWatch } from './verdicts/verdict-watch.ts';
