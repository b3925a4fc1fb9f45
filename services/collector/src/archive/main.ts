import { createKeys } from '@llm-monitor/contracts/redis';
import {
  commonConfig,
  ConfigError,
  createLogger,
  readConfig,
  storeTls,
  version,
} from '@llm-monitor/runtime';
import { connectStore, whenStoreReady } from '@llm-monitor/runtime/store';
import { Type } from '@llm-monitor/contracts/typebox';

import { ArchiveError } from '../adapters/archive/archive-format.ts';
import { writeBackup } from '../adapters/archive/backup.ts';
import { readArchive } from '../adapters/archive/read-archive.ts';
import { restoreBackup } from '../adapters/archive/restore.ts';
import { RebuildError } from '../adapters/rebuild/rebuild-error.ts';

// `archive/main.js backup|restore|check <file> [--replace]`, with REDIS_URL and REDIS_SHARDS: what the CLI runs for its commands.

const { REDIS_URL, REDIS_SHARDS, REDIS_CA, REDIS_CERT, REDIS_KEY, LOG_LEVEL } = commonConfig;
const ArchiveConfig = Type.Object({
  ...{ REDIS_URL, REDIS_SHARDS, REDIS_CA, REDIS_CERT, REDIS_KEY, LOG_LEVEL },
});
const REACH_MS = 10_000;
const TELL_MS = 2000;

const [what = '', path = '', ...flags] = process.argv.slice(2);
let toldAtMs = performance.now();
const onProgress = (keys: number) => {
  if (performance.now() - toldAtMs < TELL_MS) return;
  toldAtMs = performance.now();
  process.stderr.write(`${keys} keys so far …\n`);
};

const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
const inWords = ({ requests, keys }: { requests: number; keys: number }) =>
  `${counted(requests, 'call')} in ${counted(keys, 'key')}`;

async function run(): Promise<string> {
  if (what === 'check') {
    const { head, end } = await readArchive(path);
    return `${path}: ${counted(end.requests, 'call')}, as of ${head.at}`;
  }
  const config = readConfig(ArchiveConfig, process.env);
  const log = createLogger({ service: 'archive', level: 'error' });
  const redis = connectStore({
    ...{ url: config.REDIS_URL, name: 'archive', log, tls: storeTls(config) },
  });
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      reject(new ArchiveError('Redis does not answer at REDIS_URL. See that it runs.'));
    }, REACH_MS);
    timer.unref();
  });
  try {
    await Promise.race([whenStoreReady(redis), late]);
    const keys = createKeys({ shards: config.REDIS_SHARDS });
    const common = { redis, keys, path, nowMs: Date.now(), onProgress };
    if (what === 'backup') {
      const stopping = new AbortController();
      // What was written until then is nobody's, and Redis is not to hold its writes for longer.
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => stopping.abort());
      }
      const product = version();
      const account = await writeBackup({ ...common, product, stopped: stopping.signal });
      return `${path}: ${inWords(account)}`;
    }
    const replace = flags.includes('--replace');
    const account = await restoreBackup({ ...common, replace });
    return `Restored ${inWords(account)}.`;
  } finally {
    redis.disconnect();
  }
}

try {
  process.stdout.write(`${await run()}\n`);
} catch (error) {
  const isForPerson =
    error instanceof ArchiveError || error instanceof RebuildError || error instanceof ConfigError;
  process.stderr.write(`${isForPerson ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
