/** Is `2.9.10` or `v20.19.0`, compared by numbers, that version or newer? */
export function isAtLeast(
  version: string,
  [major, minor, patch = 0]: readonly [major: number, minor: number, patch?: number],
): boolean {
  const [, ...parts] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  const [has = 0, and = 0, also = 0] = parts.map((part) => Number(part ?? 0));
  if (has !== major) return has > major;
  return and === minor ? also >= patch : and > minor;
}
