/** A JSON object. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a JSON text; undefined when it is something else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** More than any call has of anything: an event with more is refused. */
const MOST = 1e9;

/** A number from 0 to `most`; undefined for anything else: absent means unknown, never 0, and what cannot be is not told. */
export function count(value: unknown, most = MOST): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= most ? value : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
