import { isShortForm, parseRollupMember, RESOURCES_FIELD } from '@llm-monitor/contracts/redis';

import { isCount, treatmentOf } from './archived-keys.ts';

/** What a line of a backup may be: hash, sorted set, set or string. */
const KINDS = ['h', 'z', 's', 't'] as const;
type Kind = (typeof KINDS)[number];

/** What the keys of a backup are, by their names behind the tag. Of those that are marked every value is a JSON object. */
const FORMS: readonly [name: RegExp, kind: Kind, holdsJson?: 'json'][] = [
  [/^req:[^:]+:[^:]+$/, 'h'],
  [/^roll:/, 'h'],
  [/^totals(?::demo)?$/, 'h'],
  [/^shed$/, 'h'],
  [/^rolls:/, 's'],
  [/^hist$/, 's'],
  [/^hist:\d+(?:\.\d+)?$/, 'z'],
  [/^hist-parted$/, 'z'],
  [/^active$/, 'z'],
  [/^apps$/, 's'],
  [/^(?:hosts|models|instances|bots)$/, 'h', 'json'],
  [/^(?:host:[^:]+:\d+|bot:[^:]+:\d+|bot-trades:[^:]+)$/, 'h', 'json'],
  [/^verdicts:ended$/, 'h', 'json'],
  [/^verdicts:ended-times$/, 'z'],
  [/^settings:alert-(?:rules|channels)$/, 'h', 'json'],
  [/^settings:alert-rules-written$/, 's'],
  [/^settings:costs$/, 't', 'json'],
];
/** Of a request: what was asked, and how it ended. */
const GROUPS = new Set(['a', 'z']);
/** Redis counts to nine times as much: what is there may be added. */
const COUNT = /^-?\d{1,18}$/;

/**
 * Why a line of a backup cannot be restored, for a person; nothing when it can. All lines are asked before the first is written: one that
 * Redis refuses, or that readers cannot read, would leave a store that is neither what it was nor what the backup holds.
 */
export function entryProblem(entry: unknown, shards: number): string | undefined {
  if (!Array.isArray(entry) || entry.length !== 4) return 'a line of it is unknown';
  const [kind, key, expiresAtMs, values] = entry as unknown[];
  if (typeof key !== 'string') return 'a line of it has no key';
  const shard = /^(?:secret:)?\{s(\d+)\}:/.exec(key);
  if (!shard) return `${shown(key)} is no key of LLM Monitor`;
  if (Number(shard[1]) >= shards) return `${shown(key)} is of a shard that it does not have`;
  if (!Number.isSafeInteger(expiresAtMs) || Number(expiresAtMs) < 0) {
    return `${shown(key)} ends at no time`;
  }
  if (!Array.isArray(values) || values.length === 0) return `${shown(key)} holds nothing`;
  if (!values.every((value) => typeof value === 'string')) {
    return `${shown(key)} holds what is no text`;
  }
  // It is not restored, whatever it holds.
  if (treatmentOf(key) === 'left-out') return undefined;
  const form = FORMS.find(([name]) => name.test(key.slice(shard[0].length)));
  if (!form) return `${shown(key)} is unknown to this program`;
  if (form[1] !== kind) return `${shown(key)} is of another kind`;
  return areGood(key, form, values as string[]) ? undefined : `${shown(key)} holds a wrong value`;
}

function areGood(key: string, [, kind, json]: (typeof FORMS)[number], values: string[]): boolean {
  if (kind === 's') return !key.includes(':rolls:') || values.every(isRollupMember);
  if (kind === 't') return values.length === 1 && isJsonObject(values[0] ?? '');
  if (values.length % 2 !== 0) return false;
  const treatment = treatmentOf(key);
  for (let at = 0; at < values.length; at += 2) {
    const [name = '', value = ''] = [values[at], values[at + 1]];
    if (kind === 'z' && !isScore(value)) return false;
    if (json && !isJsonObject(value)) return false;
    if (treatment === 'counts' && isCount(name) && !COUNT.test(value)) return false;
    if (treatment === 'request' && !isGoodField(name, value)) return false;
  }
  return true;
}

function isGoodField(name: string, value: string): boolean {
  if (GROUPS.has(name)) return isShortForm(value);
  return name !== RESOURCES_FIELD || isJsonObject(value);
}

const isScore = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));

function isRollupMember(text: string): boolean {
  try {
    parseRollupMember(text);
    return true;
  } catch {
    return false;
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** A key in a message: hostile ones neither steer a terminal nor fill it. */
const shown = (key: string) => JSON.stringify(key.slice(0, 80));
