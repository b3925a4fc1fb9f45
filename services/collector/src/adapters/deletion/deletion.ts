import { randomUUID } from 'node:crypto';

import type { DeleteCommand, DeleteReply } from '@llm-monitor/contracts/events';
import {
  decodeRecord,
  isEndedBits,
  requestMember,
  shardOf,
  type Keys,
} from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { createDropRequests, streamSeconds, type DropRequests } from '../pruning/drop-requests.ts';
import { eraseApp, eraseTexts } from './history-eraser.ts';
import { runStages, type Stage } from './step.ts';
import { eraseEvents, eraseLetters, purgeEvents } from './stream-eraser.ts';

/** A step, so that whoever asks is told how far it is, and others are served in between. */
const STEP_MS = 1500;

/** Deletes what it is told to, one step at a time. */
export type Deletion = (command: DeleteCommand) => Promise<DeleteReply>;

/**
 * First what could bring it back, the streams, and last what says that it is there: whoever asks again after a break finds it, and
 * goes on. Figures stay.
 */
export function createDeletion(parts: {
  redis: StoreConnection;
  keys: Keys;
  connection: NatsConnection;
  manager: JetStreamManager;
}): Deletion {
  const { redis, keys } = parts;
  const drop = withVerdicts(parts, createDropRequests(redis));

  /** The feed has told of it, and dashboards show it: a new life of the store makes them start afresh. */
  const startAfresh: Stage = async () => {
    for (let index = 0; index < keys.shards; index++) {
      await redis.xtrim(keys.shard(index).feed, 'MAXLEN', 0);
    }
    await redis.set(keys.global.epoch, randomUUID());
    return { deleted: 0, running: 0, next: undefined };
  };

  const requestStages = async (app: string, id: string): Promise<Stage[] | undefined> => {
    const shard = keys.shard(shardOf(id, keys.shards));
    const record = decodeRecord({ app, id }, await redis.hgetall(shard.request(app, id)));
    if (record && record.bits !== 0 && !isEndedBits(record.bits)) return undefined;
    // A stream that has nothing older can be looked through from its beginning.
    const startedAtMs = record?.startedAtMs ?? Date.now() - streamSeconds() * 1000;
    return [
      eraseEvents(parts, { app, id, startedAtMs }),
      eraseLetters(parts, { app, id }),
      async () => {
        const { dropped, running } = await drop(shard, [requestMember(app, id)], {});
        return { deleted: dropped, running, next: undefined };
      },
      startAfresh,
    ];
  };

  const stagesOf = async ({ what, app, requestId }: DeleteCommand) => {
    if (what === 'texts') {
      return [purgeEvents(parts), eraseLetters(parts, {}), eraseTexts(parts), startAfresh];
    }
    if (app === undefined) return notUnderstood('an app must be named');
    if (what === 'app') {
      return [
        ...[purgeEvents(parts, app), eraseLetters(parts, { app })],
        ...[eraseApp(parts, drop, app), startAfresh],
      ];
    }
    if (requestId === undefined) return notUnderstood('a request must be named');
    return (await requestStages(app, requestId)) ?? stillRuns;
  };

  return async (command) => {
    const stages = await stagesOf(command);
    if ('problem' in stages) return stages;
    const endMs = performance.now() + STEP_MS;
    const isTimeUp = () => performance.now() >= endMs;
    const { next, ...step } = await runStages(stages, command.cursor ?? '', isTimeUp);
    return next === undefined ? step : { ...step, next };
  };
}

/** What was found of a call goes with it. */
function withVerdicts({ redis, keys }: { redis: StoreConnection; keys: Keys }, drop: DropRequests) {
  const { endedVerdicts, endedVerdictTimes } = keys.global;
  const dropAll: DropRequests = async (shard, members, options) => {
    if (members.length > 0) {
      await redis.hdel(endedVerdicts, ...members);
      await redis.zrem(endedVerdictTimes, ...members);
    }
    return drop(shard, members, options);
  };
  return dropAll;
}

const stillRuns = { problem: 'running', reason: 'The call runs.' } as const;
const notUnderstood = (reason: string) => ({ problem: 'not-understood', reason }) as const;
