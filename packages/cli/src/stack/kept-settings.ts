import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { carriedSettings } from './carried-settings.ts';
import { givenAs } from './setting-files.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Of a shell, of commands and of monitored programs. What the stack has of these is kept by other means: its port stands in its address. */
const OF_OTHERS = /^(PATH|LANG|TZ|PORT|LLM_MONITOR_(?!HOST_NAME|TOKEN|VIEWER_TOKEN).*?)(_FILE)?$/;
const SECRET = /(TOKEN|PASSWORD|NKEY|HEADERS)$/;
const PATHS = /(_FILE|_CA|_CERT|_KEY|_CERTS|PROXY_CALLERS|FREQTRADE_BOTS)$/;
/** They say when calls leave the history, for good. */
const LIMITS = ['RETENTION_DAYS', 'MAX_REQUESTS', 'REDIS_MAXMEMORY'] as const;

/** What a stack has again when it is started again from another shell and another folder. */
export function keptSettings(env: Environment): Record<string, string> {
  const kept = Object.entries(ofStack(env)).filter((setting) => !isSecret(setting));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, PATHS.test(name) ? asAbsolute(value) : value]),
  );
}

/** The names of what it does not: secrets that stand in variables are kept nowhere. Addresses of servers are kept with the passwords in them. */
export function unkeptSettings(env: Environment): string[] {
  const secrets = Object.entries(ofStack(env)).filter(isSecret);
  return secrets.map(([name]) => name);
}

/** What a stack that is started with this environment lacks of them, a sentence each. */
export function describeUnkept(names: readonly string[], env: Environment): string[] {
  return names
    .filter((name) => !givenAs(env, name))
    .map(
      (name) =>
        `${name} was set when it was started. It is a secret, so it is kept nowhere, and is not set any more; a ${name}_FILE would be kept.`,
    );
}

/**
 * What a stack that is started without these limits has of them: those that it had when it ran last. By their defaults it might remove
 * calls that nobody wanted removed.
 */
export function keptLimits(before: Environment, now: Environment): Record<string, string> {
  const missing = LIMITS.filter((name) => !givenAs(now, name));
  return Object.assign({}, ...missing.map((name) => givenAs(before, name)));
}

const ofStack = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(carriedSettings(env)).filter(([name]) => !OF_OTHERS.test(name)),
  );

function isSecret([name, value]: [string, string]): boolean {
  const isList = name === 'FREQTRADE_BOTS' && /[[{:\n]/.test(value);
  return SECRET.test(name) || isList || value.includes('PRIVATE KEY');
}

const asAbsolute = (path: string) => (existsSync(path) ? resolve(path) : path);
