/**
 * Asks until `read` gives something that is neither undefined nor false, and returns it.
 * @throws when that takes longer than `timeoutMs`, with `what` and the last error
 */
export async function waitFor<T>(
  what: string,
  read: () => T | Promise<T>,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, undefined | false>> {
  const { timeoutMs = 15_000, everyMs = 25 } = options;
  const end = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await read();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
