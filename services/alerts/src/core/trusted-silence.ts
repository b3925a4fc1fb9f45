/** How long somebody was silent as far as that can be told: what was not collected was not heard. */
export function trustedSilenceMs(
  seenAtMs: number,
  trusted: { untilMs: number; forMs: number },
): number {
  return Math.max(0, Math.min(trusted.untilMs - seenAtMs, trusted.forMs));
}
