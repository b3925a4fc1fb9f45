import type { CST } from 'yaml';

/**
 * Is YAML nested deeper than `most`? The library composes what is nested by calls within calls, and where these fill the stack the whole process
 * can end: so this is asked of what its `Parser` gives, before. JSON is YAML.
 */
export function isNestedDeeper(tokens: readonly CST.Token[], most: number): boolean {
  let level = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [
    ...(key ? [key] : []),
    ...(value ? [value] : []),
  ]);
}
