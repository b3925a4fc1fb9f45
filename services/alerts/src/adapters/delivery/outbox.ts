import { channelStateField, type ChannelError } from '@llm-monitor/contracts/alerts';
import type { Keys } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

import type { Notification } from '../../core/notification.ts';
import { ADD, CLAIM, FINISH, HURRY, PUT_BACK } from './outbox-scripts.ts';

/** One message tells of so many at most; the rest goes with the next one. */
const MAX_ENTRIES_OF_MESSAGE = 200;
/** So many wait for a channel; then the oldest are lost, and counted. */
const MAX_ENTRIES = 1000;
/** A notification that comes again within a day was told. */
const TOLD_FOR_MS = 24 * 3_600_000;

/** A message that is this process's to send, until its claim ends. */
export interface Claimed {
  id: string;
  /** 1 for the first. */
  attempt: number;
  /** ms since 1970: when it was first tried */
  sinceMs: number;
  notifications: Notification[];
}

/** What is to be told and was not yet, in Redis. Any number of processes may work on it. */
export interface Outbox {
  /** Keeps it for a channel. False: it was kept or told before. */
  add(
    channel: string,
    notification: Notification,
    when: { nowMs: number; gatherMs: number },
  ): Promise<boolean>;
  /** Channels for which there is something to do. */
  due(nowMs: number): Promise<string[]>;
  /** Takes a channel until `untilMs`; undefined: there is nothing to do, or another does it. */
  claim(
    channel: string,
    by: { sender: string; newId: string; nowMs: number; untilMs: number },
  ): Promise<Claimed | undefined>;
  /** It was told, or given up: how many notifications that were, -1 where it was another's by now. */
  finish(channel: string, sender: string, nextAtMs: number): Promise<number>;
  putBack(channel: string, sender: string, atMs: number): Promise<void>;
  /** What waits for another attempt is tried at once. */
  hurry(channel: string, nowMs: number): Promise<void>;
  /** Throws away what waits for a channel; how many those were. */
  drop(channel: string): Promise<number>;
  noteSent(channel: string, at: string): Promise<void>;
  noteFailed(channel: string, error: ChannelError, lost: number): Promise<void>;
  /** Forgets how channels did that there are no more. */
  forgetOthers(channels: ReadonlySet<string>): Promise<void>;
}

export function createOutbox(redis: StoreConnection, keys: Keys): Outbox {
  const { global: of } = keys;
  const run = (script: string, names: string[], ...args: (string | number)[]) =>
    redis.eval(script, names.length, ...names, ...args);
  return {
    async add(channel, notification, { nowMs, gatherMs }) {
      const names = [
        ...[of.alertOutbox, of.alertOutboxOf(channel), of.alertDelivery(channel)],
        ...[of.alertTold(channel, notification.id), of.alertChannelStates],
      ];
      const text = JSON.stringify(notification);
      return (
        (await run(ADD, names, channel, text, nowMs, gatherMs, TOLD_FOR_MS, MAX_ENTRIES)) === 1
      );
    },
    due: (nowMs) => redis.zrangebyscore(of.alertOutbox, '-inf', nowMs),
    async claim(channel, { sender, newId, nowMs, untilMs }) {
      const names = [of.alertOutbox, of.alertOutboxOf(channel), of.alertDelivery(channel)];
      const answer = (await run(
        CLAIM,
        names,
        ...[channel, nowMs, untilMs, sender, newId, MAX_ENTRIES_OF_MESSAGE],
      )) as [string, number, string, ...string[]] | null;
      if (!answer) return undefined;
      const [id, attempt, since, ...notifications] = answer;
      return {
        ...{ id, attempt, sinceMs: Number(since) },
        notifications: notifications.map((text) => JSON.parse(text) as Notification),
      };
    },
    async finish(channel, sender, nextAtMs) {
      const names = [of.alertOutbox, of.alertOutboxOf(channel), of.alertDelivery(channel)];
      return Number(await run(FINISH, names, channel, sender, nextAtMs));
    },
    async putBack(channel, sender, atMs) {
      await run(PUT_BACK, [of.alertOutbox, of.alertDelivery(channel)], channel, sender, atMs);
    },
    async hurry(channel, nowMs) {
      await run(HURRY, [of.alertOutbox, of.alertDelivery(channel)], channel, nowMs);
    },
    async drop(channel) {
      const waiting = await redis.xlen(of.alertOutboxOf(channel));
      await redis.zrem(of.alertOutbox, channel);
      await redis.del(of.alertOutboxOf(channel), of.alertDelivery(channel));
      return waiting;
    },
    async noteSent(channel, at) {
      await redis.hset(of.alertChannelStates, channelStateField(channel, 'sentAt'), at);
      await redis.hincrby(of.alertChannelStates, channelStateField(channel, 'sent'), 1);
    },
    async noteFailed(channel, error, lost) {
      const add = (what: 'failed' | 'lost', count: number) =>
        redis.hincrby(of.alertChannelStates, channelStateField(channel, what), count);
      const field = channelStateField(channel, 'error');
      await redis.hset(of.alertChannelStates, field, JSON.stringify(error));
      await add('failed', 1);
      if (lost > 0) await add('lost', lost);
    },
    async forgetOthers(channels) {
      const fields = await redis.hkeys(of.alertChannelStates);
      const gone = fields.filter((field) => !channels.has(field.slice(0, field.indexOf('|'))));
      if (gone.length > 0) await redis.hdel(of.alertChannelStates, ...gone);
    },
  };
}
