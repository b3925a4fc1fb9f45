import { decodeRecord, encodeRecord, type RequestRecord } from '@llm-monitor/contracts/redis';

/** What was asked and answered. An error's message may quote it, so only its type and status stay. */
const TEXTS = [
  'promptPreview',
  'prompt',
  'promptTruncated',
  'responsePreview',
  'response',
  'responseTruncated',
] as const satisfies readonly (keyof RequestRecord)[];

/** The two fields of a request's hash that hold texts. */
export interface TextFields {
  a: string;
  z: string;
}

/** The fields as they are without texts; undefined where there is no text. Empty ones are fields that the hash does not have. */
export function withoutTexts(fields: TextFields): TextFields | undefined {
  const hash = { b: '0', ...(fields.a && { a: fields.a }), ...(fields.z && { z: fields.z }) };
  const record = decodeRecord({ id: '', app: '' }, hash);
  if (!record) return undefined;
  const { id: _id, app: _app, bits: _bits, model, ...rest } = record;
  const kept: Partial<RequestRecord> = fields.a ? { model, ...rest } : rest;
  let isChanged = false;
  for (const name of TEXTS) {
    if (kept[name] === undefined) continue;
    delete kept[name];
    isChanged = true;
  }
  if (kept.error && kept.error.message !== '') {
    kept.error = { ...kept.error, message: '' };
    isChanged = true;
  }
  if (!isChanged) return undefined;
  const flat = encodeRecord(kept);
  const valueOf = (name: string) => flat[flat.indexOf(name) + 1] ?? '';
  return {
    a: fields.a && (flat.includes('a') ? valueOf('a') : '{}'),
    z: fields.z && (flat.includes('z') ? valueOf('z') : '{}'),
  };
}
