/** What it gives, or undefined when it throws: why is told elsewhere. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
