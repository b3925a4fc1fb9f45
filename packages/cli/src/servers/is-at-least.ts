/** Is `2.9.10` or `v20.19.0`, compared by numbers, that version or newer? */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, has = '0', and = '0'] = /(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(has) > major || (Number(has) === major && Number(and) >= minor);
}
