import type { Monitor } from './monitor/create-monitor.ts';
import { defaultMonitor } from './monitor/default-monitor.ts';
import type { Fetch } from './transport/instrument-fetch.ts';

export type { Capture, Redact } from './call/captured-text.ts';
export { withContext, type CallScope } from './context/call-scope.ts';
export {
  createMonitor,
  type FetchOptions,
  type Monitor,
  type MonitorState,
} from './monitor/create-monitor.ts';
export type { MonitorOptions } from './monitor/monitor-options.ts';
export type { BusCredentials } from './publish/bus-credentials.ts';
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
export type { FinishedCall, TrackedCall, TrackInfo } from './track/track-request.ts';
export type { Fetch } from './transport/instrument-fetch.ts';

/**
 * A `fetch` for any SDK that takes one (openai, Anthropic, Vercel AI SDK, LangChain …): does what `fetch`, by default the global one, does,
 * and the monitor that the environment configures sees the LLM calls. The same as `createMonitor().fetch(fetch)`.
 */
export function monitoredFetch(fetch?: Fetch): Fetch {
  return defaultMonitor().fetch(fetch);
}

/**
 * Follows a call that is made in any other way: runs `run`, gives back what it does and throws what it throws.
 * The same as `createMonitor().trackRequest(info, run)`.
 */
export const trackRequest: Monitor['trackRequest'] = (info, run) =>
  defaultMonitor().trackRequest(info, run);
