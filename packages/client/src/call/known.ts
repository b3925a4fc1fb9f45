/** Only the fields that are known: absent means unknown, and an `undefined` would not be absent. */
export function known<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const kept = {} as Partial<T>;
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) kept[name] = value as T[typeof name];
  }
  return kept as T;
}
