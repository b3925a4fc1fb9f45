import {
  decodeRecord,
  encodeRecord,
  formOf,
  type RequestRecord,
} from '@llm-monitor/contracts/redis';

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
  // In the form that it had: whoever reads it could read that.
  const bareOf = (name: 'a' | 'z') => {
    if (fields[name] === '') return '';
    const flat = encodeRecord(kept, formOf(fields[name]));
    const at = flat.indexOf(name);
    return at < 0 ? '{}' : (flat[at + 1] ?? '');
  };
  return { a: bareOf('a'), z: bareOf('z') };
}
