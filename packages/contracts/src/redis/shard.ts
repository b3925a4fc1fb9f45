/** The shard of a request: FNV-1a (32 bit) of its id, modulo the number of shards. Stable for ever: stored data depend on it. */
export function shardOf(requestId: string, shards: number): number {
  if (shards === 1) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < requestId.length; i++) {
    hash = Math.imul(hash ^ requestId.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % shards;
}
