import type { KeptSlicesCache, Store } from '@llm-monitor/read-model';

import type { Bus } from '../adapters/bus.ts';
import type { DemoPlayer } from '../adapters/demo-player.ts';
import type { AskToCancel } from '../adapters/cancel-asker.ts';
import type { EventStreamLimits } from './events.ts';

/** What routes need. */
export interface RouteContext {
  store: Store;
  bus: Bus;
  /** ms since 1970 */
  now(): number;
  /** A monotonic clock, ms. */
  elapsedMs(): number;
  /** The machine that this service runs on. */
  hostName: string;
  version: string;
  demo: DemoPlayer;
  startedAtMs: number;
  /** Sums of the hours that are over. */
  cache: KeptSlicesCache;
  /** How long an export waits for somebody to take more of it, ms. */
  exportIdleMs?: number;
  /** Most combinations of model and app with a name of their own in `/metrics`. */
  maxCombinations?: number;
  /** Bounds of streams of events; those of the product by default. */
  eventStreams?: EventStreamLimits;
  /** May calls be cancelled, and how it is done. */
  cancelling: { isOn: boolean; ask: AskToCancel };
}
