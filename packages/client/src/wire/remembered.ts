const MOST_KNOWN = 256;
const LONGEST_KNOWN = 1024;

/** A function that keeps its last answers: a program has few addresses, and asks of the same ones at every call. */
export function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined || known.has(text)) return kept as T;
    const fresh = answer(text);
    if (text.length > LONGEST_KNOWN) return fresh;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, fresh);
    return fresh;
  };
}
