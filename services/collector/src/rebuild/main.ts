import {
  busTls,
  connectBus,
  ConfigError,
  createLogger,
  readConfig,
  readGeneration,
  storeTls,
} from '@llm-monitor/runtime';
import { connectStore, whenStoreReady } from '@llm-monitor/runtime/store';
import { createKeys } from '@llm-monitor/contracts/redis';
import { jetstreamManager } from '@nats-io/jetstream';

import { followForm } from '../adapters/record-form.ts';
import { rebuild, type RebuildStep } from '../adapters/rebuild/rebuild.ts';
import { RebuildError } from '../adapters/rebuild/rebuild-error.ts';
import { dropGeneration } from '../adapters/rebuild/scan-keys.ts';
import { requestTtlSeconds } from '../app.ts';
import { CollectorConfig } from '../config.ts';

// `rebuild/main.js [drop-old]`, with a collector's environment: what the CLI runs for its command. Says one JSON object a line.

const REACH_MS = 10_000;
const TELL_MS = 200;

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

let toldAtMs = -Infinity;
let toldStep: RebuildStep | undefined;
function onProgress(step: RebuildStep, done: number, of?: number): void {
  const nowMs = performance.now();
  if (step === toldStep && nowMs - toldAtMs < TELL_MS) return;
  toldAtMs = nowMs;
  toldStep = step;
  say({ step, done, of });
}

async function run(): Promise<void> {
  const config = readConfig(CollectorConfig, process.env);
  const log = createLogger({ service: 'rebuild', level: 'error' });
  const redis = connectStore({
    ...{ url: config.REDIS_URL, name: 'rebuild', log, tls: storeTls(config) },
  });
  await within(whenStoreReady(redis), 'Redis does not answer at REDIS_URL. See that it runs.');
  const keys = createKeys({ shards: config.REDIS_SHARDS });
  try {
    if (process.argv.includes('drop-old')) {
      keys.use(await readGeneration(redis, keys));
      const dropped = keys.generation > 1 ? await dropGeneration(redis, keys.generation - 1) : 0;
      say({ dropped });
      return;
    }
    const connection = await within(
      connectBus({ url: config.NATS_URL, name: 'rebuild', log, tls: busTls(config) }),
      'NATS does not answer at NATS_URL. See that it runs.',
    );
    const nowMs = () => Date.now();
    const written = await followForm({ redis, keys, nowMs });
    try {
      const result = await rebuild({
        ...{ redis, connection, shards: config.REDIS_SHARDS, onProgress },
        manager: await jetstreamManager(connection),
        nowMs,
        apply: {
          leaseMs: config.LEASE_MS,
          defaultLeaseMs: config.DEFAULT_LEASE_MS,
          requestTtlSeconds: requestTtlSeconds(config),
          feedMaxEntries: config.FEED_MAX_ENTRIES,
          dedupe: true,
          ...written,
        },
      });
      say({ result });
    } finally {
      written.stop();
      await connection.close();
    }
  } finally {
    redis.disconnect();
  }
}

async function within<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RebuildError(otherwise)), REACH_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

try {
  await run();
} catch (error) {
  const isForPerson = error instanceof RebuildError || error instanceof ConfigError;
  process.stderr.write(`${isForPerson ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
