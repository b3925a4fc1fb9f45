import {
  checkRule,
  findAlertMetric,
  type AlertPreview,
  type AlertRule,
} from '@llm-monitor/contracts/alerts';
import { ALERT_PREVIEW_QUEUE, ALERT_PREVIEW_SUBJECT } from '@llm-monitor/contracts/bus';
import type { Store } from '@llm-monitor/read-model';
import type { Logger } from '@llm-monitor/runtime';
import type { Msg, NatsConnection } from '@nats-io/transport-node';

import { judge } from '../core/judge.ts';
import type { AlertStore } from './alert-store.ts';
import type { BacklogReader } from './collect-backlog.ts';
import { openOutlook } from './outlook.ts';

const MOST_VALUES = 20;

/** Answers what a rule would do now. Any replica may: nothing is written. */
export function openPreviewDesk(options: {
  connection: NatsConnection;
  figures: Store;
  store: AlertStore;
  backlog: BacklogReader;
  nowMs(): number;
  log: Logger;
}): { close(): void } {
  const { connection, log } = options;
  const outcomeOf = async (message: Msg): Promise<object> => {
    try {
      return await preview(options, message.json());
    } catch (err) {
      log.debug({ err }, 'a preview could not be made');
      return { error: (err as Error).message };
    }
  };
  const answer = async (message: Msg) => {
    const outcome = await outcomeOf(message);
    // Nobody waits for an answer on a connection that was closed meanwhile.
    if (!connection.isClosed()) message.respond(JSON.stringify(outcome));
  };
  const subscription = connection.subscribe(ALERT_PREVIEW_SUBJECT, {
    queue: ALERT_PREVIEW_QUEUE,
    callback: (error, message) => {
      if (!error) void answer(message);
    },
  });
  return { close: () => subscription.unsubscribe() };
}

async function preview(
  options: Parameters<typeof openPreviewDesk>[0],
  given: unknown,
): Promise<AlertPreview> {
  const { rule, problems } = checkRule(given);
  if (!rule) throw new Error(problems.map(({ field, detail }) => `${field} ${detail}`).join('; '));
  const nowMs = options.nowMs();
  const outlook = await openOutlook({
    ...{ store: options.figures, nowMs, memory: await options.store.readMemory() },
    backlog: options.backlog,
  });
  const found = await outlook.readingsOf(rule);
  const values = (found?.readings ?? [])
    .map((reading) => ({
      ...{ of: reading.of, value: reading.value },
      holds: judge(rule, reading, outlook.isBehind) === 'holds',
    }))
    .sort(
      (a, b) =>
        Number(b.holds) - Number(a.holds) || nearness(b.value, rule) - nearness(a.value, rule),
    );
  return {
    unit: findAlertMetric(rule.metric)?.unit ?? '',
    fires: values.some(({ holds }) => holds),
    values: values.slice(0, MOST_VALUES),
    held: found === undefined,
  };
}

/** The nearer to firing the higher; what has no value is the farthest. */
function nearness(value: number | null, { comparator }: AlertRule): number {
  if (value === null) return -Number.MAX_VALUE;
  return comparator.startsWith('>') ? value : -value;
}
