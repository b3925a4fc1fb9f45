import { createHash, randomBytes } from 'node:crypto';

import { sessionKey } from '@llm-monitor/contracts/redis';
import type { AccessTokens, Role } from '@llm-monitor/runtime';
import type { Redis } from 'ioredis';

const HOUR_MS = 3_600_000;
/** A session that is used lives on, to this age. */
const MAX_AGE_MS = 30 * 24 * HOUR_MS;
/** Each look that is written costs Redis a write to disk. */
const RENEWALS_PER_LIFE = 10;

/** What Redis must do for it. */
type SessionRedis = Pick<Redis, 'get' | 'set' | 'del'>;

interface Stored {
  role: Role;
  /** of the token that it began with: another token ends it */
  token: string;
  createdAtMs: number;
  renewedAtMs: number;
}

/** Who logged in, known to every replica of the web service. All of it rejects while Redis is away. */
export interface SessionStore {
  /** Begins a session, and gives its id. */
  start(role: Role): Promise<string>;
  /** Who it is; undefined when the session ended. Being asked keeps it alive. */
  read(id: string): Promise<Role | undefined>;
  end(id: string): Promise<void>;
}

/** @param options.lifeMs how long a session lives that nobody uses */
export function createSessionStore(options: {
  redis: SessionRedis;
  tokens: AccessTokens;
  lifeMs: number;
  now(): number;
}): SessionStore {
  const { redis, tokens, lifeMs, now } = options;
  const fingerprint = (role: Role) => digest(`${role}:${tokens[role]}`).slice(0, 32);
  // An ended session stays ended, though a look at it is under way.
  const renew = (key: string, session: Stored) =>
    redis.set(key, JSON.stringify({ ...session, renewedAtMs: now() }), 'PX', lifeMs, 'XX');
  return {
    async start(role) {
      const id = randomBytes(32).toString('base64url');
      const nowMs = now();
      const session: Stored = {
        ...{ role, token: fingerprint(role) },
        ...{ createdAtMs: nowMs, renewedAtMs: nowMs },
      };
      await redis.set(keyOf(id), JSON.stringify(session), 'PX', lifeMs);
      return id;
    },
    async read(id) {
      const key = keyOf(id);
      const session = parse(await redis.get(key));
      if (!session || session.token !== fingerprint(session.role)) return undefined;
      if (now() - session.createdAtMs > MAX_AGE_MS) return undefined;
      if (now() - session.renewedAtMs > lifeMs / RENEWALS_PER_LIFE) await renew(key, session);
      return session.role;
    },
    async end(id) {
      await redis.del(keyOf(id));
    },
  };
}

function parse(text: string | null): Stored | undefined {
  try {
    return JSON.parse(text ?? '') as Stored;
  } catch {
    return undefined;
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
/** Who reads Redis cannot be somebody else by it. */
const keyOf = (id: string) => sessionKey(digest(id));
