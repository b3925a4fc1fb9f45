import type { StoredChannel } from '@llm-monitor/contracts/alerts';
import type { Logger } from '@llm-monitor/runtime';

import type { ChannelWays } from '../adapters/delivery/create-channel-io.ts';
import type { Claimed, Outbox } from '../adapters/delivery/outbox.ts';
import type { Channel } from '../channels/define-channel.ts';
import { nextAttemptAt, type RetryPolicy } from '../core/delivery/next-attempt.ts';
import { renderMessage } from '../core/message/render-message.ts';
import type { Notify } from '../core/notification.ts';
import { sendOnce, type SendResult } from './send-once.ts';

const LOOK_EVERY_MS = 1000;
/** A claim ends well after what a send may take. */
const CLAIM_TIMES = 2;
/** How long messages on their way may take when the service ends. */
const LAST_PATIENCE_MS = 4000;
const CLEAN_EVERY_LOOKS = 60;
const MS = 1000;
/** Of so many messages it is remembered that they were told, should Redis be away at that moment. */
const MAX_REMEMBERED = 1000;

export interface DeliveryParts {
  outbox: Outbox;
  ways: ChannelWays;
  channels: readonly Channel[];
  readChannels(): Promise<Map<string, StoredChannel>>;
  log: Logger;
  policy: RetryPolicy;
  /** How long the first notification of a message waits for others, ms. */
  gatherMs: number;
  /** For one attempt, ms. */
  sendTimeoutMs: number;
  dashboardUrl: string;
  now(): number;
  random(): number;
  newId(): string;
}

export interface Delivery {
  /** Keeps it for every channel that it is for; they tell it soon, and until they could. */
  notify: Notify;
  close(): Promise<void>;
}

/** Tells people what was handed over, each channel by itself: a slow one holds up no other. */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { outbox, log, now } = parts;
  const sending = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const told = createMemory();
  let looks = 0;
  const look = async () => {
    if (stop.signal.aborted) return;
    if (looks++ % CLEAN_EVERY_LOOKS === 0) {
      await outbox.forgetOthers(new Set((await parts.readChannels()).keys()));
    }
    for (const channel of await outbox.due(now())) {
      if (sending.has(channel)) continue;
      const work = deliverNext(parts, channel, told, stop.signal)
        .catch((err: unknown) => log.warn({ err, channel }, 'a channel was not served; again soon'))
        .finally(() => sending.delete(channel));
      sending.set(channel, work);
    }
  };
  // Redis may be away: what is due stays due.
  const tick = () =>
    void look().catch((err: unknown) => {
      log.debug({ err }, 'what is due could not be looked for; again soon');
    });
  const timer = setInterval(tick, LOOK_EVERY_MS);
  return {
    async notify(notification) {
      const channels = await parts.readChannels();
      const wanted = notification.rule.channels ?? [...channels.keys()];
      for (const id of wanted) {
        const channel = channels.get(id);
        if (!channel?.enabled) continue;
        await outbox.add(id, notification, { nowMs: now(), gatherMs: parts.gatherMs });
      }
    },
    async close() {
      clearInterval(timer);
      const end = setTimeout(() => stop.abort(), LAST_PATIENCE_MS);
      await Promise.all(sending.values());
      clearTimeout(end);
      stop.abort();
    },
  };
}

interface Memory {
  has(id: string): boolean;
  add(id: string): void;
}

function createMemory(): Memory {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > MAX_REMEMBERED && oldest !== undefined) ids.delete(oldest);
    },
  };
}

async function deliverNext(
  parts: DeliveryParts,
  id: string,
  told: Memory,
  ending: AbortSignal,
): Promise<void> {
  const { outbox, log } = parts;
  const channel = (await parts.readChannels()).get(id);
  if (!channel?.enabled) {
    const waiting = await outbox.drop(id);
    log.info({ channel: id, waiting }, 'a channel is off or gone: nothing more is told by it');
    return;
  }
  const sender = parts.newId();
  const nowMs = parts.now();
  const untilMs = nowMs + CLAIM_TIMES * parts.sendTimeoutMs;
  const claimed = await outbox.claim(id, { sender, newId: parts.newId(), nowMs, untilMs });
  if (!claimed) return;
  const result = told.has(claimed.id)
    ? { ok: true as const, detail: 'told before' }
    : await attempt(parts, channel, claimed, ending);
  if (result.ok) told.add(claimed.id);
  await conclude(parts, channel, { claimed, sender, result });
}

function attempt(
  parts: DeliveryParts,
  channel: StoredChannel,
  { id, notifications }: Claimed,
  ending: AbortSignal,
): Promise<SendResult> {
  const signal = AbortSignal.any([ending, AbortSignal.timeout(parts.sendTimeoutMs)]);
  const message = renderMessage({
    ...{ id, channel, notifications, dashboardUrl: parts.dashboardUrl, nowMs: parts.now() },
  });
  return sendOnce({
    channels: parts.channels,
    stored: channel,
    message,
    io: parts.ways.io(signal),
  });
}

/** Says what came of an attempt, and what follows. */
async function conclude(
  { outbox, policy, log, now, random }: DeliveryParts,
  channel: StoredChannel,
  { claimed, sender, result }: { claimed: Claimed; sender: string; result: SendResult },
): Promise<void> {
  const { id } = channel;
  const { id: message, attempt: count, notifications } = claimed;
  const said = { channel: id, kind: channel.kind, message, alerts: notifications.length };
  const nowMs = now();
  const at = new Date(nowMs).toISOString();
  const nextAtMs = nowMs + channel.everySeconds * MS;
  if (result.ok) {
    if ((await outbox.finish(id, sender, nextAtMs)) >= 0) await outbox.noteSent(id, at);
    log.info({ ...said, detail: result.detail }, 'people were told');
    return;
  }
  const { detail, permanent, retryAfterMs } = result;
  const againAtMs = permanent
    ? undefined
    : nextAttemptAt(policy, {
        ...{ attempt: count, sinceMs: claimed.sinceMs, nowMs, retryAfterMs, random: random() },
      });
  const lost = againAtMs === undefined ? notifications.length : 0;
  await outbox.noteFailed(id, { at, message: detail, permanent }, lost);
  if (againAtMs === undefined) {
    await outbox.finish(id, sender, nextAtMs);
    log.error({ ...said, detail, permanent, attempts: count }, 'a message was given up');
    return;
  }
  await outbox.putBack(id, sender, againAtMs);
  const inSeconds = Math.round((againAtMs - nowMs) / MS);
  log.warn({ ...said, detail, attempts: count, inSeconds }, 'a message was not taken; again later');
}
