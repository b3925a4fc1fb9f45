const MIN_LENGTH = 4;
const MIN_PART_LENGTH = 8;
const HIDDEN = '••••';

/**
 * Takes secrets out of a text that comes from elsewhere: errors quote addresses, servers quote what they were sent. Knows them as
 * they are, in Base64 and as parts of addresses.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.flatMap(formsOf));
  // The longest first: a part of a secret must not hide the rest of it from being found.
  const sorted = [...forms].sort((a, b) => b.length - a.length);
  return (text) => sorted.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}

function formsOf(secret: string): string[] {
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(secret)));
  const whole = [secret, encodeURIComponent(secret), base64, base64.replace(/=+$/, '')];
  return [
    ...whole.filter((form) => form.length >= MIN_LENGTH),
    ...partsOf(secret).filter((form) => form.length >= MIN_PART_LENGTH),
  ];
}

/** Of an address: all but where it leads. */
function partsOf(secret: string): string[] {
  if (!URL.canParse(secret)) return [];
  const { href, username, password, pathname, search } = new URL(secret);
  return [
    ...[href, username, password, pathname, `${pathname}${search}`],
    ...pathname.split('/'),
    ...search.slice(1).split(/[&=]/),
  ];
}
