import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type {
  AlertChannel,
  AlertChannelBody,
  ChannelField,
  ChannelKind,
} from '@llm-monitor/contracts/alerts';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { channelPath, kindNamed, readChannels } from './alert-channels.ts';
import { askApi } from './ask-api.ts';
import { findRunningStack } from './running-stack.ts';

/** A channel as it was typed. */
export interface NewChannel {
  kind: string;
  id: string;
  /** `field=value` */
  settings: string[];
  name?: string;
  language?: 'en' | 'it';
  every?: number;
  /** A file with lines `field=value`, or `-`. */
  secrets?: string;
  on?: boolean;
  off?: boolean;
}

type Settings = NonNullable<AlertChannelBody['settings']>;

/** `alerts channels add`: adds one, or changes one. */
export async function addChannel(context: Context, typed: NewChannel): Promise<number> {
  const { terminal, command } = context;
  const stack = await findRunningStack(context);
  const { channels, kinds } = await readChannels(stack);
  const kind = kindNamed(kinds, typed.kind);
  const before = channels.find(({ id }) => id === typed.id);
  const kept = before?.kind === kind.kind ? Object.keys(before.settings) : [];
  const settings = {
    ...readPlain(kind, typed.settings, command),
    ...(await readSecrets(context, kind, typed.secrets, kept)),
  };
  const body: AlertChannelBody = {
    ...{ kind: kind.kind, settings },
    ...(typed.name === undefined ? {} : { name: typed.name }),
    ...(typed.language === undefined ? {} : { language: typed.language }),
    ...(typed.every === undefined ? {} : { everySeconds: typed.every }),
    ...(typed.on || typed.off ? { enabled: !typed.off } : {}),
  };
  await askApi<AlertChannel>(stack, channelPath(typed.id), { method: 'PUT', body });
  terminal.print(`Channel ${typed.id} was ${before ? 'changed' : 'added'}.`);
  terminal.print(`See that it works:  ${command} alerts channels test ${typed.id}`);
  return 0;
}

function readPlain(kind: ChannelKind, typed: readonly string[], command: string): Settings {
  const settings: Settings = {};
  for (const one of typed) {
    const [name, value] = splitField(one);
    const field = fieldOf(kind, name);
    if (field.secret && value !== '') {
      throw new CliError(`${name} is a secret, and every program here can see arguments.`, {
        hint: `Leave it out and be asked, set LLM_MONITOR_CHANNEL_${environmentName(name)}, or see  ${command} alerts channels add --help`,
      });
    }
    settings[name] = value === '' ? null : toTyped(field, value);
  }
  return settings;
}

/** From the file, else from the environment, else from a person; what is kept already is not asked for. */
async function readSecrets(
  { env, terminal }: Context,
  kind: ChannelKind,
  path: string | undefined,
  kept: readonly string[],
): Promise<Settings> {
  const secrets: Settings = {};
  const lines = path === undefined ? '' : await readLines(path);
  for (const line of lines.split(/\r?\n/).filter((one) => one.trim() !== '')) {
    const [name, value] = splitField(line);
    secrets[name] = toTyped(fieldOf(kind, name), value);
  }
  for (const [name, field] of Object.entries(kind.settings.properties)) {
    if (!field.secret || name in secrets) continue;
    const given = env[`LLM_MONITOR_CHANNEL_${environmentName(name)}`];
    const isNew = path === undefined && !kept.includes(name);
    const optional = kind.settings.required.includes(name) ? '' : ' (may be empty)';
    const value = given || (isNew && (await terminal.askSecret(`${field.title.en}${optional}: `)));
    if (value) secrets[name] = value;
    else if (isNew && optional === '') throw missing(name, field);
  }
  return secrets;
}

const missing = (name: string, { title }: ChannelField): CliError =>
  new CliError(`"${name}" (${title.en}) is missing.`, {
    hint: `Type it when it is asked for, or set LLM_MONITOR_CHANNEL_${environmentName(name)}`,
  });

async function readLines(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError(`${path} cannot be read.`, { cause });
  }
}

function splitField(typed: string): [name: string, value: string] {
  const at = typed.indexOf('=');
  // What stands there may be a secret: it is not repeated.
  if (at < 1) throw new CliError('Settings are written field=value.');
  return [typed.slice(0, at).trim(), typed.slice(at + 1).trim()];
}

function fieldOf({ kind, settings }: ChannelKind, name: string): ChannelField {
  const field = settings.properties[name];
  if (field) return field;
  const known = Object.keys(settings.properties).join(', ');
  throw new CliError(`There is no setting "${name}" of ${kind}.`, { hint: `Known here: ${known}` });
}

function toTyped({ type }: ChannelField, value: string): string | number | boolean {
  if (type === 'integer' && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  return value;
}

const environmentName = (field: string): string => field.toUpperCase();
