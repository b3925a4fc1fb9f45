import { isObject, text } from './json-fields.ts';

/** The names alone; a tool of the server's own has its type for a name. */
export function toolNamesOf(tools: unknown): string[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  const names = tools.filter(isObject).map((tool) => {
    const called = isObject(tool['function']) ? tool['function'] : tool;
    const type = tool['type'] === 'function' ? undefined : text(tool['type']);
    return (text(called['name']) ?? type)?.slice(0, 256);
  });
  return names.filter((name) => name !== undefined).slice(0, 256);
}
