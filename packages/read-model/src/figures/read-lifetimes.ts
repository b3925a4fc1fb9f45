import {
  addLifetimeFields,
  emptyLifetime,
  LIFETIME,
  parseRollupMember,
  type Lifetime,
} from '@llm-monitor/contracts/redis';

import { fromEachShard, readMany, type Store } from '../store.ts';

/** All that was ever counted of one model and app, on all hosts. */
export interface CombinationLifetime {
  model: string;
  app: string;
  lifetime: Lifetime;
}

/** Everything but demo traffic. Sums only grow, but for what is taken back when a call that seemed gone ends after all. */
export async function readLifetimes(store: Store): Promise<CombinationLifetime[]> {
  const combinations = new Map<string, CombinationLifetime>();
  await fromEachShard(store, async (shard) => {
    const keys = store.keys.shard(shard);
    const all = await store.redis.smembers(keys.rollupIndex(LIFETIME));
    const members = all.filter((member) => !parseRollupMember(member).demo);
    const hashes = await readMany(
      store.redis,
      members.map((member) => ['hgetall', keys.rollup(LIFETIME, member)] as const),
    );
    members.forEach((member, i) => {
      const { model, app } = parseRollupMember(member);
      const key = JSON.stringify([model, app]);
      const into = combinations.get(key) ?? { model, app, lifetime: emptyLifetime() };
      combinations.set(key, into);
      addLifetimeFields(into.lifetime, hashes[i] as Record<string, string>);
    });
  });
  return [...combinations.values()];
}
