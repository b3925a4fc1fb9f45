import { randomBytes } from 'node:crypto';

import type { StoredAlert } from '@llm-monitor/contracts/alerts';
import type { Store } from '@llm-monitor/read-model';
import type { Logger } from '@llm-monitor/runtime';

import { nextAlerts, type Found, type NextAlerts } from '../core/next-alerts.ts';
import type { AlertStore } from './alert-store.ts';
import type { BacklogReader } from './collect-backlog.ts';
import type { Lease } from './lease.ts';
import { openOutlook, type Outlook } from './outlook.ts';

/** Looks at the rules every few seconds, while this replica has the lease. */
export interface Evaluator {
  verdict(): { ok: boolean; detail: string };
  /** Waits for the look that goes on, and lets another replica take over. */
  stop(): Promise<void>;
}

export interface EvaluatorOptions {
  name: string;
  lease: Lease;
  store: AlertStore;
  /** What rules look at is read from it. */
  figures: Store;
  everyMs: number;
  /** See `Moment`. */
  clearMs: number;
  backlog: BacklogReader;
  /** After every look. */
  onLooked(): void;
  nowMs(): number;
  log: Logger;
}

/** So many looks that did not come off, and it is said. */
const MISSED_LOOKS = 3;
const ID_BYTES = 4;

export function startEvaluator(options: EvaluatorOptions): Evaluator {
  const { lease, log, nowMs, everyMs } = options;
  let lastOkMs = nowMs();
  let problem = 'rules have not been looked at yet';
  let isHolder = false;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const look = async () => {
    const token = await lease.hold();
    const wasHolder = isHolder;
    isHolder = token !== undefined;
    if (isHolder !== wasHolder) {
      log.info(isHolder ? 'this replica looks at the rules' : 'another replica looks at the rules');
    }
    if (token === undefined) return;
    if (!(await lookOnce(options, token))) {
      isHolder = false;
      log.warn('another replica took over while this one looked: what it found is dropped');
    }
    options.onLooked();
  };
  const tick = async () => {
    try {
      await look();
      lastOkMs = nowMs();
      problem = '';
    } catch (error) {
      // Redis is away, or a reader failed: nothing is known, and all stays as it was.
      problem = (error as Error).message;
      log.debug({ err: error }, 'the rules could not be looked at; trying again');
    }
    if (!isStopped) timer = setTimeout(run, everyMs);
  };
  const run = () => {
    going = tick();
  };
  let going = tick();

  return {
    verdict() {
      if (problem && nowMs() - lastOkMs > MISSED_LOOKS * everyMs) {
        return {
          ok: false,
          detail: `rules are not looked at: ${problem}. What fired before stays as it was.`,
        };
      }
      return { ok: true, detail: isHolder ? 'looks at the rules' : 'another replica does' };
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await going;
      clearTimeout(timer);
      await lease.release().catch(() => undefined);
    },
  };
}

/** @returns false where another has the lease by now */
async function lookOnce(options: EvaluatorOptions, token: string): Promise<boolean> {
  const { store, log } = options;
  await store.writeReadyRules();
  const [rules, before, memory] = await Promise.all([
    store.readRules(),
    store.readAlerts(),
    store.readMemory(),
  ]);
  const atMs = options.nowMs();
  const outlook = await openOutlook({
    ...{ store: options.figures, nowMs: atMs, memory, backlog: options.backlog },
  });
  await outlook.remember();
  const found: Found[] = [];
  for (const rule of rules) {
    const readings = rule.enabled ? await outlook.readingsOf(rule) : undefined;
    found.push({ rule, readings });
  }
  const next = judgeAll(options, { before, found, outlook, atMs });
  if (next.overflow > 0) log.warn({ more: next.overflow }, 'a rule fires of more than are kept');
  for (const { what, as, alert } of next.happened) {
    if (as === 'event') log.info({ rule: alert.rule, of: alert.of, value: alert.value }, what);
  }
  return store.write(token, {
    ...{ before, alerts: next.alerts, happened: next.happened, memory: outlook.changedMemory() },
    status: { evaluatedAtMs: String(atMs), by: options.name },
  });
}

function judgeAll(
  { everyMs, clearMs }: EvaluatorOptions,
  of: { before: readonly StoredAlert[]; found: readonly Found[]; outlook: Outlook; atMs: number },
): NextAlerts {
  return nextAlerts(of.before, of.found, {
    ...{ nowMs: of.atMs, clearMs },
    gapMs: Math.max(MISSED_LOOKS * everyMs, clearMs),
    isBehind: of.outlook.isBehind,
    newId: () =>
      `${Math.floor(of.atMs / 1000).toString(36)}${randomBytes(ID_BYTES).toString('hex')}`,
  });
}
