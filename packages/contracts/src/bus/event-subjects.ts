/** The second token of the subjects of events: all that anyone may listen to. What is below `llm.control` is asked, not told. */
export const EVENT_FAMILIES = [
  'request',
  'progress',
  'app',
  'host',
  'models',
  'verdict',
  'bot',
  'alert',
  'dead-letter',
] as const;

/** All events: one wildcard for each family, since one for all of them would take in commands. */
export const EVENT_SUBJECTS: readonly string[] = EVENT_FAMILIES.map((family) => `llm.${family}.>`);

/** Does a subject fit a pattern with the wildcards of NATS? */
export function fitsSubject(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const given = subject.split('.');
  const rest = wanted.indexOf('>');
  if (rest < 0 ? wanted.length !== given.length : given.length <= rest) return false;
  return wanted.every((token, i) => token === '*' || token === '>' || token === given[i]);
}
