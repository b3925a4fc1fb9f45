const ANYWHERE = 'http://monitor.invalid';
const MAX_LENGTH = 2000;

/** A path of this site to go on to, or `/`: never another site, whatever way it is written. */
export function ownPath(wish: string | undefined): string {
  if (!wish?.startsWith('/') || wish.length > MAX_LENGTH) return '/';
  if (!URL.canParse(wish, ANYWHERE)) return '/';
  const { origin, pathname, search } = new URL(wish, ANYWHERE);
  // A browser takes `//x` and `/\x` for another site.
  const isOwn = origin === ANYWHERE && !pathname.startsWith('//');
  return isOwn ? pathname + search : '/';
}
