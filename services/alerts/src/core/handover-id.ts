import type { StoredHandover } from '@llm-monitor/contracts/alerts';

/** The same for the same thing: what is written twice is there once, and what is published twice NATS takes once. */
export function handoverId({ as, what, alert, atMs }: StoredHandover): string {
  const times = what === 'again' ? `:${atMs}` : '';
  return `${as}:${alert.id}:${what}${times}`;
}
