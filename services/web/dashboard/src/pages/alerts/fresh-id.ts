const MAX_LENGTH = 60;

/** An id of small letters, digits and dashes that says what the name says, and that no other has. */
export function freshId(name: string, otherwise: string, taken: readonly string[]): string {
  const slug = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^-+|-+$/g, '');
  const base = slug || otherwise;
  let id = base;
  for (let count = 2; taken.includes(id); count++) id = `${base}-${count}`;
  return id;
}
