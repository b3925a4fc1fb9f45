/** Both languages have two forms. */
export function plural(n: number, one: string, other: string): string {
  return n === 1 ? one : other;
}
