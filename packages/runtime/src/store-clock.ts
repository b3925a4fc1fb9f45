import type { Check } from './health.ts';
import type { Logger } from './logger.ts';
import type { StoreConnection } from './store.ts';

/** Nearer than this clocks agree as well as clocks do. */
const TOLERANCE_MS = 2000;
const INTERVAL_MS = 10_000;
const MINUTE_MS = 60_000;

/** The time that all services of one Redis share, however wrong the clock of one of their machines is. */
export interface StoreClock {
  /** Of this machine while it agrees with Redis, else that of Redis. ms since 1970 */
  nowMs(): number;
  /** The earlier of the two: what is removed by its age is gone for good, whichever of them is wrong. */
  earliestMs(): number;
  /** Looks again. Where that is not possible, what was found before counts. */
  measure(): Promise<void>;
  /** Says how far the clocks are apart. That is no reason not to work: it is always ok. */
  check: Check;
  stop(): void;
}

/** Compares the clock of this machine with that of Redis, now and then and whenever Redis is there again. */
export function followStoreClock(options: {
  redis: StoreConnection;
  log: Logger;
  now?: () => number;
}): StoreClock {
  const { redis, log, now = Date.now } = options;
  let aheadMs = 0;
  let whyNot = '';
  const measure = async () => {
    const beganMs = now();
    const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
    const found = (beganMs + now()) / 2 - (seconds * 1000 + micros / 1000);
    // A clock that was set meanwhile, or an answer that took long, says nothing.
    if (Math.abs(now() - beganMs) > TOLERANCE_MS) return;
    whyNot = '';
    const before = aheadMs;
    aheadMs = Math.abs(found) > TOLERANCE_MS ? Math.round(found) : 0;
    if (aheadMs !== 0 && Math.abs(aheadMs - before) > TOLERANCE_MS) log.warn(apart(aheadMs));
    if (aheadMs === 0 && before !== 0)
      log.info('the clock of this machine agrees with that of Redis again');
  };
  const look = () =>
    measure().catch(({ message }: Error) => {
      // While Redis is away others say so.
      if (message.startsWith('NOPERM')) whyNot = 'Redis does not say the time to this user (+time)';
    });
  const onReady = () => void look();
  redis.on('ready', onReady);
  const timer = setInterval(onReady, INTERVAL_MS);
  timer.unref();
  onReady();
  const nowMs = () => now() - aheadMs;
  return {
    nowMs,
    earliestMs: () => Math.min(now(), nowMs()),
    measure: look,
    check: {
      name: 'clock',
      check: () => ({ ok: true, detail: aheadMs === 0 ? whyNot : apart(aheadMs) }),
    },
    stop() {
      clearInterval(timer);
      redis.off('ready', onReady);
    },
  };
}

const apart = (aheadMs: number): string =>
  `the clock of this machine is ${inWords(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} that of Redis, which counts here: set the wrong one right`;

/** `8 days`, as a person says it. */
export function inWords(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / 1000)} s`;
  if (ms < 120 * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} minutes`;
  if (ms < 48 * 60 * MINUTE_MS) return `${Math.round(ms / (60 * MINUTE_MS))} hours`;
  return `${Math.round(ms / (24 * 60 * MINUTE_MS))} days`;
}
