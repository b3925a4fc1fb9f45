let knownSecond = NaN;
let upToSecond = '';

/**
 * RFC 3339 of a wall time in milliseconds, as `Date` writes it, which most of the time differs from the one before in its last digits alone.
 * @throws {RangeError} when it is no time
 */
export function isoTime(wallMs: number): string {
  const second = Math.floor(wallMs / 1000);
  if (second !== knownSecond) {
    upToSecond = new Date(second * 1000).toISOString().slice(0, -4);
    knownSecond = second;
  }
  return `${upToSecond}${String(Math.floor(wallMs - second * 1000)).padStart(3, '0')}Z`;
}
