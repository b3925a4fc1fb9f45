import { AlertTestCommand, type Alert, type AlertTestReply } from '@llm-monitor/contracts/alerts';
import { ALERT_TEST_QUEUE, ALERT_TEST_SUBJECT } from '@llm-monitor/contracts/bus';
import type { NatsConnection } from '@nats-io/transport-node';
import { Value } from '@llm-monitor/contracts/typebox/value';

import { renderMessage } from '../core/message/render-message.ts';
import type { Notification } from '../core/notification.ts';
import type { DeliveryParts } from './create-delivery.ts';
import { sendOnce } from './send-once.ts';

/** Tries a channel for whoever asks on the bus, with the settings that are kept, and says what came of it. */
export function answerTests(bus: NatsConnection, parts: DeliveryParts): { stop(): void } {
  const subscription = bus.subscribe(ALERT_TEST_SUBJECT, {
    queue: ALERT_TEST_QUEUE,
    callback(error, message) {
      if (error) return;
      tryChannel(parts, message.string())
        .catch((err: unknown): AlertTestReply => {
          parts.log.warn({ err }, 'a channel could not be tried');
          return { ok: false, detail: 'The alerts cannot read the channel: is Redis away?' };
        })
        .then(
          (reply) => message.respond(JSON.stringify(reply)),
          (err: unknown) => parts.log.warn({ err }, 'nobody heard how a test went'),
        );
    },
  });
  return { stop: () => subscription.unsubscribe() };
}

async function tryChannel(parts: DeliveryParts, asked: string): Promise<AlertTestReply> {
  const command = parse(asked);
  if (!Value.Check(AlertTestCommand, command)) {
    return { ok: false, detail: 'The alerts are of another version. Update them.' };
  }
  const channel = (await parts.readChannels()).get(command.channel);
  if (!channel) return { ok: false, detail: `There is no channel ${command.channel}.` };
  const nowMs = parts.now();
  const message = renderMessage({
    ...{ id: parts.newId(), channel, dashboardUrl: parts.dashboardUrl, nowMs },
    notifications: [aTest(nowMs)],
  });
  const io = parts.ways.io(AbortSignal.timeout(parts.sendTimeoutMs));
  const result = await sendOnce({ channels: parts.channels, stored: channel, message, io });
  const at = new Date(nowMs).toISOString();
  if (result.ok) {
    await parts.outbox.noteSent(channel.id, at);
    // What waited for settings to be right need not wait longer.
    await parts.outbox.hurry(channel.id, nowMs);
  } else {
    const { detail, permanent } = result;
    await parts.outbox.noteFailed(channel.id, { at, message: detail, permanent }, 0);
  }
  parts.log.info({ channel: channel.id, ...result }, 'a channel was tried');
  return { ok: result.ok, detail: result.detail };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function aTest(nowMs: number): Notification {
  const since = new Date(nowMs).toISOString();
  const common = { metric: 'test', comparator: '>', threshold: 0, windowSeconds: 60 } as const;
  const alert: Alert = {
    ...{ id: 'test', rule: 'test', name: 'Test', severity: 'info', state: 'firing', unit: '' },
    ...{ of: {}, ...common, value: 1, since, firedAt: since, resolvedAt: null, resolution: null },
    link: '/alerts',
  };
  return {
    ...{ id: `test:${nowMs}`, what: 'test', alert },
    rule: {
      ...{ id: 'test', name: 'Test', enabled: true, severity: 'info', ...common },
      ...{ forSeconds: 0, noData: 'ok', renotifySeconds: 0 },
    },
  };
}
