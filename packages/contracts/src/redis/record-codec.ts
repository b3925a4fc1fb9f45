import {
  ASKED_FIELDS,
  LONE_FIELDS,
  RESOURCES_FIELD,
  RESULT_FIELDS,
  type AskedRecord,
  type LoneField,
  type LoneRecord,
  type RequestRecord,
  type ResultRecord,
  type StoredRecord,
} from './request-record.ts';
import { ASKED_CODES, RESULT_CODES } from './short-codes.ts';
import {
  createShortReader,
  createShortWriter,
  readShort,
  writeShort,
  type ShortCodes,
  type ShortReader,
  type ShortWriter,
} from './short-form.ts';

const TEXTS: ReadonlySet<string> = new Set<LoneField>([
  'instance',
  'provisionalStart',
  'orphanedIn',
]);

/** How what was asked and how it ended are written: `json` is what versions before read, `short` takes a third of it less. */
export type RecordForm = 'json' | 'short';

/** The form of one of both values as it is stored. */
export const formOf = (stored: string): RecordForm => (stored.startsWith('{') ? 'json' : 'short');

/**
 * Fields of a record as a flat list `[name, value, name, value …]` for HSET. What was asked and how it ended are each written
 * whole or not at all. Names never change their meaning: stored data outlive versions.
 */
export function encodeRecord(record: StoredRecord, form: RecordForm): string[] {
  const flat: string[] = [];
  pushRecord(flat, form, record, record, record);
  return flat;
}

/** The same of a record in parts, added to a list: a collector does it thousands of times a second. Other fields of a part are left out. */
export function pushRecord(
  into: string[],
  form: RecordForm,
  lone: LoneRecord,
  asked: AskedRecord | undefined,
  result: ResultRecord | undefined,
): void {
  for (const [name, short] of LONE) {
    const value = lone[name];
    if (value !== undefined) into.push(short, String(value));
  }
  const a = asked && encodeGroup(asked, ASKED, form);
  const z = result && encodeGroup(result, RESULT, form);
  if (a) into.push('a', a);
  if (z) into.push('z', z);
}

interface GroupField {
  name: string;
  /** What stands before its value in JSON. */
  before: string;
  code: ShortWriter | undefined;
}

const LONE = Object.entries(LONE_FIELDS) as [LoneField, string][];
const fieldsOf = (fields: Record<string, string>, codes: ShortCodes): GroupField[] =>
  Object.entries(fields).map(([name, short]) => {
    const code = codes[name];
    return { name, before: `"${short}":`, code: code && createShortWriter(code) };
  });
const ASKED = fieldsOf(ASKED_FIELDS, ASKED_CODES);
const RESULT = fieldsOf(RESULT_FIELDS, RESULT_CODES);

/** The group, made piece by piece: to copy it into an object for `JSON.stringify` takes longer. Empty when there is nothing of it. */
function encodeGroup(record: object, fields: readonly GroupField[], form: RecordForm): string {
  let signs = '';
  let json = '';
  for (const { name, before, code } of fields) {
    const value = (record as Record<string, unknown>)[name];
    if (value === undefined) continue;
    const sign = code && form === 'short' ? writeShort(code, value) : '';
    if (sign === '') json += (json === '' ? '{' : ',') + before + encodeValue(value);
    else signs += sign;
  }
  return json === '' ? signs : `${signs}${json}}`;
}

/** Texts in which JSON escapes nothing. */
const PLAIN = /^[ !#-[\]-~]*$/;

function encodeValue(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

interface GroupReader {
  /** Names by those in JSON. */
  names: ReadonlyMap<string, string>;
  short: ShortReader;
}

const reversed = (fields: Record<string, string>) =>
  new Map(Object.entries(fields).map(([name, short]) => [short, name]));
const readerOf = (fields: Record<string, string>, codes: ShortCodes): GroupReader => ({
  names: reversed(fields),
  short: createShortReader(codes),
});
const LONE_NAMES = reversed(LONE_FIELDS);
const ASKED_READER = readerOf(ASKED_FIELDS, ASKED_CODES);
const RESULT_READER = readerOf(RESULT_FIELDS, RESULT_CODES);

/** The reverse of {@link encodeRecord}, whatever the form; undefined for an empty hash. Unknown fields are ignored. */
export function decodeRecord(
  of: { id: string; app: string },
  hash: Record<string, string>,
): RequestRecord | undefined {
  if (hash['b'] === undefined) return undefined;
  const record: Record<string, unknown> = { id: of.id, app: of.app, model: 'unknown' };
  for (const [short, name] of LONE_NAMES) {
    const text = hash[short];
    if (text !== undefined) record[name] = TEXTS.has(name) ? text : Number(text);
  }
  readGroup(record, hash['a'], ASKED_READER);
  readGroup(record, hash['z'], RESULT_READER);
  const resources = hash[RESOURCES_FIELD];
  if (resources !== undefined) record['resources'] = JSON.parse(resources);
  return record as unknown as RequestRecord;
}

function readGroup(
  into: Record<string, unknown>,
  stored: string | undefined,
  { names, short }: GroupReader,
): void {
  if (stored === undefined) return;
  const json = readShort(into, stored, short);
  if (json === '') return;
  for (const [name, value] of Object.entries(JSON.parse(json) as Record<string, unknown>)) {
    const full = names.get(name);
    if (full !== undefined) into[full] = value;
  }
}
