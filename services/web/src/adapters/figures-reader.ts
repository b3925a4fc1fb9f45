import type { AlertsNow } from '@llm-monitor/contracts/alerts';
import { MOST_ACTIVE, type LiveOp, type Snapshot } from '@llm-monitor/contracts/live';
import {
  createKeptSlicesCache,
  readActive,
  readAlertsNow,
  readFigures,
  readOverview,
  readVerdicts,
  type DemoFilter,
  type Store,
  type Verdicts,
} from '@llm-monitor/read-model';

const RECENT = 50;

/** A snapshot but for its place in the feed. */
export type Figures = Omit<Snapshot, 'epoch' | 'pos' | 'serverTime'>;

/** Reads what the dashboard shows from the store. */
export interface FiguresReader {
  readAll(demo: boolean): Promise<Figures>;
  /** What changes with time rather than with single calls. */
  readTotals(demo: boolean): Promise<LiveOp[]>;
  /** What is noteworthy about running calls, of either view. */
  readVerdicts(): Promise<Verdicts>;
  /** What fires. */
  readAlerts(): Promise<AlertsNow>;
  /** Running calls that are demo traffic. */
  readRunningDemo(): Promise<{ id: string; app: string }[]>;
}

export function createFiguresReader(options: {
  store: Store;
  version: string;
  uptimeSeconds(): number;
  now(): number;
}): FiguresReader {
  const { store, version, now } = options;
  const cache = createKeptSlicesCache();
  const filterOf = (demo: boolean): DemoFilter => (demo ? 'only' : false);
  const service = () => ({ version, uptime: Math.round(options.uptimeSeconds()) });

  return {
    async readAll(demo) {
      const [{ status, active, ...rest }, alerts] = await Promise.all([
        readOverview(store, {
          demo: filterOf(demo),
          recent: RECENT,
          nowMs: now(),
          cache,
        }),
        readAlertsNow(store, now()),
      ]);
      return {
        version,
        status: { ...status, ...service() },
        active: active.slice(-MOST_ACTIVE),
        ...rest,
        alerts,
      };
    },
    async readTotals(demo) {
      const figures = await readFigures(store, { demo: filterOf(demo), nowMs: now(), cache });
      return [
        ['status', { ...figures.status, ...service() }],
        ['models', figures.models],
        ['apps', figures.apps],
        ['hosts', figures.hosts],
        ['demo', figures.demoRunning],
      ];
    },
    readVerdicts: () => readVerdicts(store),
    readAlerts: () => readAlertsNow(store, now()),
    readRunningDemo: () => readActive(store, { demo: 'only', nowMs: now() }),
  };
}
