export type { Capture, Redact } from './call/captured-text.ts';
export { createMonitor, type Monitor, type MonitorState } from './monitor/create-monitor.ts';
export type { MonitorOptions } from './monitor/monitor-options.ts';
export {
  queryOllamaFastMonitored,
  queryOllamaMonitored,
  type QueryOptions,
} from './query/query-ollama.ts';
export {
  getActiveRequests,
  getModelPerformance,
  getMonitorStatus,
  getRecentRequests,
} from './query/read-monitor.ts';
export type { Fetch } from './transport/instrument-fetch.ts';
