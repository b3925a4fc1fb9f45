import { readFileSync } from 'node:fs';

import { BOT_NAME_PATTERN } from '@llm-monitor/contracts/events';
import { ConfigError, isNestedDeeper, readSetting } from '@llm-monitor/runtime';
import { Type, type Static } from '@llm-monitor/contracts/typebox';
import { Value } from '@llm-monitor/contracts/typebox/value';
import { parse, Parser } from 'yaml';

const MAX_BOTS = 100;
/** A list of bots needs five. */
const MAX_DEPTH = 16;
const MIN_TOKEN = 16;
const secret = Type.Optional(Type.String({ minLength: 1, maxLength: 1024 }));

/** One bot, as people write it. */
const GivenBot = Type.Object(
  {
    name: Type.String({ pattern: BOT_NAME_PATTERN }),
    url: Type.String({ minLength: 1, maxLength: 2048 }),
    username: Type.String({ minLength: 1, maxLength: 256 }),
    password: secret,
    password_file: secret,
    /** Seconds. */
    interval: Type.Number({ minimum: 1, maximum: 3600, default: 10 }),
    apps: Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 32, default: [] }),
    webhook_token: secret,
    webhook_token_file: secret,
    /** Path of a PEM file: who signed its certificate. */
    ca: secret,
  },
  { additionalProperties: false },
);
type GivenBot = Static<typeof GivenBot>;

/** A bot to watch. */
export interface Bot {
  name: string;
  /** Without credentials, and without a slash at its end. */
  url: string;
  username: string;
  password: string;
  intervalMs: number;
  apps: string[];
  /** Absent: it sends no webhooks. */
  webhookToken?: string;
  /** PEM. */
  ca?: string;
}

const HINT =
  'FREQTRADE_BOTS takes a list in JSON or YAML, or the path of a file that holds one: [{"name": "alpha", "url": "http://127.0.0.1:8080", "username": "freqtrader", "password_file": "/run/secrets/alpha"}]';

/**
 * Reads `FREQTRADE_BOTS`; undefined when there is none.
 * @throws {ConfigError} that says which bot and which field, and shows no secret
 */
export function readBots(env: Readonly<Record<string, string | undefined>>): Bot[] | undefined {
  const setting = readSetting(env, 'FREQTRADE_BOTS');
  if (setting === undefined) return undefined;
  const list = parseList(looksLikePath(setting) ? readText('FREQTRADE_BOTS', setting) : setting);
  if (list.length > MAX_BOTS) {
    throw new ConfigError(`FREQTRADE_BOTS names ${list.length} bots; at most ${MAX_BOTS} can be.`);
  }
  const bots = list.map((given, index) => toBot(given, index));
  const twice = bots.find((bot, index) => bots.findIndex(({ name }) => name === bot.name) < index);
  if (twice) {
    throw new ConfigError(`FREQTRADE_BOTS has two bots of the name "${twice.name}". Rename one.`);
  }
  return bots;
}

const looksLikePath = (text: string) => !/[\n[{]/.test(text) && !/^\s*-\s/.test(text);

function parseList(text: string): unknown[] {
  if (isNestedDeeper([...new Parser().parse(text)], MAX_DEPTH)) {
    throw new ConfigError(
      `FREQTRADE_BOTS is nested more than ${MAX_DEPTH} deep: look for brackets that are not closed. ${HINT}`,
    );
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    // The message of the parser quotes the text, which may hold a password.
    const { line } = (error as { linePos?: { line: number }[] }).linePos?.[0] ?? {};
    throw new ConfigError(
      `FREQTRADE_BOTS cannot be read${line === undefined ? '' : ` (line ${line})`}: it is neither JSON nor YAML. ${HINT}`,
    );
  }
  if (Array.isArray(value)) return value;
  const { bots } = (value ?? {}) as { bots?: unknown };
  if (Array.isArray(bots)) return bots;
  throw new ConfigError(`FREQTRADE_BOTS is no list of bots. ${HINT}`);
}

function toBot(value: unknown, index: number): Bot {
  const given = Value.Default(GivenBot, value);
  const { name } = (given ?? {}) as { name?: unknown };
  const which = `Bot ${index + 1}${typeof name === 'string' ? ` ("${name.slice(0, 64)}")` : ''} of FREQTRADE_BOTS`;
  if (!Value.Check(GivenBot, given)) {
    throw new ConfigError(`${which} is wrong: ${describeErrors(given)}. ${HINT}`);
  }
  const password = readSecret(given, 'password', which);
  if (password === undefined) {
    throw new ConfigError(
      `${which} has neither password nor password_file. Give the password of api_server in the bot's configuration.`,
    );
  }
  const webhookToken = readSecret(given, 'webhook_token', which);
  if (webhookToken !== undefined && !new RegExp(`^[\\w-]{${MIN_TOKEN},}$`).test(webhookToken)) {
    throw new ConfigError(
      `${which}: webhook_token must be ${MIN_TOKEN} or more letters, digits, - and _, since whoever knows it can tell of trades. "openssl rand -hex 16" makes one.`,
    );
  }
  const { username, apps } = given;
  return {
    ...{ name: given.name, url: toAddress(given.url, which), username, password },
    ...{ intervalMs: given.interval * 1000, apps },
    ...(webhookToken === undefined ? {} : { webhookToken }),
    ...(given.ca === undefined ? {} : { ca: readText(`ca of ${which}`, given.ca) }),
  };
}

/** Names fields and rules, never values: one of them is a password. */
function describeErrors(given: unknown): string {
  const errors = Value.Errors(GivenBot, given).map(({ instancePath, message, params }) => {
    const { additionalProperties, requiredProperties } = params as Record<string, string[]>;
    const fields = additionalProperties ?? requiredProperties;
    const field = [instancePath.slice(1), ...(fields ? [`(${fields.join(', ')})`] : [])];
    return `${field.filter(Boolean).join(' ') || 'it'} ${message}`;
  });
  return [...new Set(errors)].join('; ');
}

function readSecret(
  given: GivenBot,
  name: 'password' | 'webhook_token',
  which: string,
): string | undefined {
  const text = given[name];
  const path = given[`${name}_file`];
  if (text !== undefined && path !== undefined) {
    throw new ConfigError(`${which} has both ${name} and ${name}_file. Remove one.`);
  }
  return path === undefined ? text : readText(`${name}_file of ${which}`, path).trim();
}

function toAddress(text: string, which: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(`${which}: url must begin with http:// or https://.`);
  }
  if (url.username || url.password) {
    throw new ConfigError(`${which}: url holds credentials. Put them into username and password.`);
  }
  // People copy the address of the API or of its page.
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api(\/v1)?$/, '');
  return `${url.origin}${path}`;
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new ConfigError(`${name} names "${path}", which cannot be read (${code}).`);
  }
}
