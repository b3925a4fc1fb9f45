import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { EndedRequest, ModelStats, Status } from '@llm-monitor/contracts/rest';
import { jetstream, jetstreamManager, type StreamConfig } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { Redis } from 'ioredis';

import { projectRoot } from './project-root.ts';

/** A message of a stream, as text. */
export interface RecordedMessage {
  subject: string;
  headers: [name: string, value: string][];
  data: string;
}

/** A key of Redis with what makes it again: pairs of a hash, score and member of a sorted set, id and fields of a stream. */
export type RecordedKey = [type: string, key: string, values: (string | string[])[]];

/** What an earlier version left behind, and what its API said of it. */
export interface RecordedVersion {
  version: string;
  stream: Pick<StreamConfig, 'name' | 'subjects' | 'max_age' | 'max_bytes' | 'duplicate_window'>;
  messages: RecordedMessage[];
  keys: RecordedKey[];
  said: { status: Status; requests: EndedRequest[]; models: ModelStats[] };
}

/** Reads test/fixtures/version-<version>.json.gz, which scripts/record-version.mjs made. */
export async function readRecordedVersion(version: string): Promise<RecordedVersion> {
  const path = join(projectRoot(), `test/fixtures/version-${version}.json.gz`);
  return JSON.parse(gunzipSync(await readFile(path)).toString('utf8')) as RecordedVersion;
}

/** Makes the stream with the settings that it had, unless it is there, and publishes what it held. */
export async function publishRecorded(
  bus: NatsConnection,
  { stream, messages }: RecordedVersion,
  options: { withoutIds?: boolean } = {},
): Promise<void> {
  const manager = await jetstreamManager(bus);
  const isThere = await manager.streams.info(stream.name).then(
    () => true,
    () => false,
  );
  if (!isThere) await manager.streams.add(stream);
  const client = jetstream(bus);
  for (const message of messages) {
    const given = headers();
    for (const [name, value] of message.headers) {
      if (!(options.withoutIds && name === 'Nats-Msg-Id')) given.append(name, value);
    }
    await client.publish(message.subject, message.data, { headers: given });
  }
}

/** Fills an empty Redis with what the version had written. Nothing ends by itself there: a record may be of any age. */
export async function restoreRecorded(redis: Redis, { keys }: RecordedVersion): Promise<void> {
  for (const [type, key, values] of keys) {
    const flat = values.flat();
    if (type === 'string') await redis.set(key, flat[0] ?? '');
    else if (type === 'hash') await redis.hset(key, ...flat);
    else if (type === 'set') await redis.sadd(key, ...flat);
    else if (type === 'zset') await redis.zadd(key, ...flat);
    else if (type === 'stream') {
      for (const [id = '', ...fields] of values as string[][]) await redis.xadd(key, id, ...fields);
    } else throw new Error(`${key} is a ${type}, which nothing here writes`);
  }
}
