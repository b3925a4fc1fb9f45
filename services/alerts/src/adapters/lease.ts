import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { Keys } from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

/** The right to evaluate, which one replica has at a time. */
export interface Lease {
  /** Takes or renews it. @returns its token, or undefined while another has it */
  hold(): Promise<string | undefined>;
  /** Gives it up, so that another need not wait until it runs out. */
  release(): Promise<void>;
}

const readScript = (name: string) =>
  readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');

/** @param leaseMs after which it is free again where its holder does not renew it */
export function createLease(redis: StoreConnection, keys: Keys, leaseMs: number): Lease {
  const holding = createScript(redis, readScript('hold-lease'));
  const releasing = createScript(redis, readScript('release-lease'));
  let token = '';
  return {
    async hold() {
      const lease = keys.global.alertLease;
      const held = await holding.run([lease], [token, randomUUID(), leaseMs]);
      token = String(held ?? '');
      return token || undefined;
    },
    async release() {
      if (token) await releasing.run([keys.global.alertLease], [token]);
      token = '';
    },
  };
}
