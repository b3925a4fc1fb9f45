import { readFileSync } from 'node:fs';

import { parseRequestMember, type Keys } from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

import { withoutTexts, type TextFields } from '../../core/without-texts.ts';
import type { DropRequests } from '../pruning/drop-requests.ts';
import { listHistory } from '../pruning/history-pruning.ts';
import { nothing, type Stage } from './step.ts';

const SCAN_COUNT = 500;
const AT_ONCE = 200;
/** Stands for the running calls, in the place of an hour or a part of one. */
const RUNNING = -1;

interface Parts {
  redis: StoreConnection;
  keys: Keys;
}

/** Deletes the ended calls of an app, and counts those that run. */
export function eraseApp(parts: Parts, drop: DropRequests, app: string): Stage {
  return forEachMember(parts, async (index, members, hour) => {
    const own = members.filter((member) => parseRequestMember(member).app === app);
    if (hour === RUNNING) return { deleted: 0, running: own.length };
    let deleted = 0;
    for (let i = 0; i < own.length; i += AT_ONCE) {
      const some = own.slice(i, i + AT_ONCE);
      deleted += (await drop(parts.keys.shard(index), some, { hour })).dropped;
    }
    return { deleted, running: 0 };
  });
}

/** Takes what was asked and answered out of every call. */
export function eraseTexts(parts: Parts): Stage {
  const { redis, keys } = parts;
  const source = readFileSync(new URL('./replace-texts.lua', import.meta.url), 'utf8');
  const script = createScript(redis, source);
  return forEachMember(parts, async (index, members) => {
    const names = members.map((member) => {
      const { app, id } = parseRequestMember(member);
      return keys.shard(index).request(app, id);
    });
    const found = await redis.pipeline(names.map((key) => ['hmget', key, 'a', 'z'])).exec();
    const changed: string[] = [];
    const args: string[] = [];
    for (const [i, [error, values]] of (found ?? []).entries()) {
      if (error) throw error;
      const [a, z] = values as [string | null, string | null];
      const fields: TextFields = { a: a ?? '', z: z ?? '' };
      const bare = withoutTexts(fields);
      if (!bare) continue;
      changed.push(names[i] ?? '');
      args.push(fields.a, fields.z, bare.a, bare.z);
    }
    const deleted = changed.length > 0 ? Number(await script.run(changed, args)) : 0;
    return { deleted, running: 0 };
  });
}

/** Goes through running and ended calls of every shard. Its places are `<shard>:<hour>:<cursor of the scan>`. */
function forEachMember(
  { redis, keys }: Parts,
  act: (
    shard: number,
    members: string[],
    hour: number,
  ) => Promise<{ deleted: number; running: number }>,
): Stage {
  return async (at, isTimeUp) => {
    let [shard = 0, hour = RUNNING, scan = 0] = at === '' ? [] : at.split(':').map(Number);
    const sum = { ...nothing } as { deleted: number; running: number };
    while (shard < keys.shards) {
      const names = keys.shard(shard);
      const key = hour === RUNNING ? names.active : names.history(hour);
      const [next, flat] = await redis.zscan(key, scan, 'COUNT', SCAN_COUNT);
      const members = flat.filter((_, i) => i % 2 === 0);
      const { deleted, running } = await act(shard, members, hour);
      sum.deleted += deleted;
      sum.running += running;
      scan = Number(next);
      if (scan === 0) [shard, hour] = await following(shard, hour);
      if (isTimeUp() && shard < keys.shards) return { ...sum, next: `${shard}:${hour}:${scan}` };
    }
    return { ...sum, next: undefined };
  };

  async function following(shard: number, hour: number): Promise<[number, number]> {
    const later = (await listHistory(redis, keys.shard(shard))).find((one) => one > hour);
    return later === undefined ? [shard + 1, RUNNING] : [shard, later];
  }
}
