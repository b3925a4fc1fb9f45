/** Kinds of keys that are made from requests, and so belong to a generation. Everything else outlives them. */
const KINDS = new Set([
  ...['req', 'active', 'live', 'beats', 'apps', 'roll', 'rolls', 'totals', 'hist', 'hist-parted'],
  ...['feed', 'epoch'],
]);

/** @param name `{sK}:<kind>…`: a key without what its generation puts before it */
export function isOfGeneration(name: string): boolean {
  const kind = /^\{s\d+\}:([^:]+)/.exec(name)?.[1];
  return kind !== undefined && KINDS.has(kind);
}

/** A key without its generation, if that is the one with this prefix or the key outlives generations; else nothing. */
export function nameInGeneration(key: string, prefix: string): string | undefined {
  if (key.startsWith('secret:')) return key;
  const at = key.indexOf('{s');
  if (at < 0) return undefined;
  const name = key.slice(at);
  return key === keyInGeneration(name, prefix) ? name : undefined;
}

/** The reverse of {@link nameInGeneration}. */
export function keyInGeneration(name: string, prefix: string): string {
  return isOfGeneration(name) ? prefix + name : name;
}
