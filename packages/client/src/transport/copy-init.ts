/** What fetch reads of its second argument. */
const FIELDS = [
  ...([
    'method',
    'headers',
    'body',
    'mode',
    'credentials',
    'cache',
    'redirect',
    'referrer',
  ] as const),
  ...(['referrerPolicy', 'integrity', 'keepalive', 'signal', 'duplex', 'priority'] as const),
  ...(['window', 'dispatcher'] as const),
];

/** A copy of one's own that says the same to fetch: also of a Request, or of an object that inherits its fields, as fetch takes them too. */
export function copyInit(init: RequestInit | undefined): RequestInit {
  const copy: Record<string, unknown> = { ...init };
  const prototype: unknown = init && Object.getPrototypeOf(init);
  if (!init || prototype === Object.prototype || prototype === null) return copy;
  for (const name of FIELDS) {
    const value = (init as Record<string, unknown>)[name];
    if (value !== undefined) copy[name] = value;
  }
  return copy;
}
