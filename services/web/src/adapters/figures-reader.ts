import type { LiveOp, Snapshot } from '@llm-monitor/contracts/live';
import { COUNT_FIELDS } from '@llm-monitor/contracts/redis';
import {
  createKeptSlicesCache,
  readActive,
  readHosts,
  readModels,
  readOverview,
  readStatus,
  type DemoFilter,
  type Store,
} from '@llm-monitor/read-model';

/** More running calls than this are not shown row by row. */
const MAX_ACTIVE = 1000;
const RECENT = 50;
/** Demo traffic counts as running for so long after its last call started, as in the snapshot. */
const DEMO_RUNNING_MS = 60_000;

/** A snapshot but for its place in the feed. */
export type Figures = Omit<Snapshot, 'epoch' | 'pos' | 'serverTime'>;

/** Reads what the dashboard shows from the store. */
export interface FiguresReader {
  readAll(demo: boolean): Promise<Figures>;
  /** What changes with time rather than with single calls. */
  readTotals(demo: boolean): Promise<LiveOp[]>;
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
      const { status, active, ...rest } = await readOverview(store, {
        demo: filterOf(demo),
        recent: RECENT,
        nowMs: now(),
        cache,
      });
      return {
        version,
        status: { ...status, ...service() },
        active: active.slice(-MAX_ACTIVE),
        ...rest,
      };
    },
    async readTotals(demo) {
      const at = { demo: filterOf(demo), nowMs: now(), cache };
      const [status, models, hosts, lastDemoMs] = await Promise.all([
        readStatus(store, at),
        readModels(store, at),
        readHosts(store, at.nowMs),
        readLastDemo(store),
      ]);
      return [
        ['status', { ...status, ...service() }],
        ['models', models],
        ['hosts', hosts],
        ['demo', at.nowMs - lastDemoMs <= DEMO_RUNNING_MS],
      ];
    },
    readRunningDemo: () => readActive(store, { demo: 'only', nowMs: now() }),
  };
}

async function readLastDemo({ redis, keys }: Store): Promise<number> {
  const perShard = await Promise.all(
    Array.from({ length: keys.shards }, (_, shard) =>
      redis.hget(keys.shard(shard).totals(true), COUNT_FIELDS.lastUsedMs),
    ),
  );
  return Math.max(...perShard.map(Number));
}
