/** Has `everyMs` passed since then? A clock that was set back says nothing of how long ago it was: then it is done again now. */
export function isDue(nowMs: number, lastMs: number, everyMs: number): boolean {
  return nowMs - lastMs >= everyMs || nowMs < lastMs;
}
