import {
  Type,
  type Static,
  type TObject,
  type TProperties,
  type TSchema,
} from '@llm-monitor/contracts/typebox';
import { Value } from '@llm-monitor/contracts/typebox/value';

import { parseBusUrl } from './bus-address.ts';
import { ConfigError } from './config-error.ts';
import { readSetting } from './setting-files.ts';
import { parseStoreAddress } from './store-address.ts';

export { ConfigError };

/** A schema for an environment variable that holds a port. 0 takes a free one. */
export const Port = (byDefault: number) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: byDefault });

/** What every service reads from its environment, also one that has nothing to do with Redis. */
export const busConfig = {
  NATS_URL: Type.String({ default: 'nats://127.0.0.1:4222', minLength: 1 }),
  /** TLS towards the server, PEM or paths of PEM files: who signed its certificate; a certificate of our own and its key. */
  NATS_CA: Type.String({ default: '' }),
  NATS_CERT: Type.String({ default: '' }),
  NATS_KEY: Type.String({ default: '' }),
  HOST: Type.String({ default: '127.0.0.1', minLength: 1 }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
  }),
  LLM_MONITOR_TOKEN: Type.String({ default: '' }),
  LLM_MONITOR_IN_CONTAINER: Type.Boolean({ default: false }),
} as const;

/** The same of those that keep or read what was collected. */
export const commonConfig = {
  ...busConfig,
  REDIS_URL: Type.String({ default: 'redis://127.0.0.1:6379', minLength: 1 }),
  REDIS_SHARDS: Type.Integer({ minimum: 1, maximum: 1024, default: 1 }),
  REDIS_CA: Type.String({ default: '' }),
  REDIS_CERT: Type.String({ default: '' }),
  REDIS_KEY: Type.String({ default: '' }),
  LLM_MONITOR_VIEWER_TOKEN: Type.String({ default: '' }),
} as const;

/**
 * Reads the schema's fields from environment variables of the same names, or from the files that `<name>_FILE` name. Empty ones
 * count as unset.
 * @throws {ConfigError} that names each wrong variable, what it must be and what it was.
 */
export function readConfig<P extends TProperties>(
  schema: TObject<P>,
  env: Record<string, string | undefined>,
): Static<TObject<P>> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(schema.properties)) {
    const text = readSetting(env, name);
    if (text !== undefined) given[name] = typed(schema.properties[name] ?? Type.String(), text);
  }
  const config = Value.Default(schema, given);
  if (Value.Check(schema, config)) {
    checkAddresses(config as Record<string, unknown>);
    return config as Static<TObject<P>>;
  }
  const problems = Value.Errors(schema, config).map((error) => {
    const name = error.instancePath.slice(1) || String(missingName(error));
    return `${name} ${explain(error, schema.properties[name])}${given[name] === undefined ? '' : shown(name, env)}`;
  });
  throw new ConfigError(
    `The configuration is wrong:\n  ${[...new Set(problems)].join('\n  ')}\nChange these environment variables and start again.`,
  );
}

/** An address that can be none is told here, and not by whoever connects first. @throws {ConfigError} */
function checkAddresses({ NATS_URL, REDIS_URL }: Record<string, unknown>): void {
  if (typeof NATS_URL === 'string') parseBusUrl(NATS_URL);
  if (typeof REDIS_URL === 'string') parseStoreAddress(REDIS_URL);
}

/** The library does not say which values there are, and of a text only its pattern. */
function explain(
  { message, params, keyword }: { message: string; params?: unknown; keyword?: string },
  schema: TSchema | undefined,
): string {
  const { allowedValues } = (params ?? {}) as { allowedValues?: unknown[] };
  if (allowedValues) return `must be one of ${allowedValues.join(', ')}`;
  const { description } = (schema ?? {}) as { description?: string };
  return keyword === 'pattern' && description ? `must be ${description}` : message;
}

/** The library would cut 1.5 to a whole number, and make one of `true`: what is none stays a text, which is then refused. */
function typed(schema: TSchema, text: string): unknown {
  const { type } = schema as { type?: unknown };
  if (type === 'integer' && !/^[+-]?\d+$/.test(text)) return text;
  if (type === 'number' && !/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) return text;
  return Value.Convert(schema, text);
}

/** What stands in a file may be a secret. */
function shown(name: string, env: Record<string, string | undefined>): string {
  return env[name] ? ` (it is "${env[name]}")` : ` (it comes from ${name}_FILE)`;
}

function missingName(error: { params?: unknown }): unknown {
  const params = error.params as { requiredProperties?: string[] } | undefined;
  return params?.requiredProperties?.join(', ') ?? '';
}
