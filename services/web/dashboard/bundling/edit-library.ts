import type { Plugin } from 'vite';

/** The text of a library that is replaced, and what stands there instead. */
export type Edit = readonly [found: string | RegExp, instead: string];

/**
 * Leaves out of a library's file what the page never reaches and no bundler can see that. Fails where the library has moved what is
 * edited, so that a new version is looked at before it is shipped.
 */
export function editLibrary(file: string, edits: readonly Edit[]): Plugin {
  let isFound = false;
  return {
    name: `edit-library:${file}`,
    apply: 'build',
    transform(code, id) {
      if (!id.endsWith(file)) return undefined;
      isFound = true;
      let edited = code;
      for (const [found, instead] of edits) {
        const next = edited.replaceAll(found, instead);
        if (next === edited) this.error(`${file} has no ${String(found)} any more`);
        edited = next;
      }
      return { code: edited, map: null };
    },
    buildEnd(error) {
      if (!error && !isFound) this.error(`nothing imports ${file} any more`);
    },
  };
}

/** The whole of a library's file. */
export function replaceFile(file: string, code: string): Plugin {
  return editLibrary(file, [[/^[^]+$/g, code]]);
}

/** Methods that nothing calls, of a class that is indented by four spaces. */
export function withoutMethods(...names: readonly string[]): Edit[] {
  return names.map((name) => [new RegExp(`\\n    ${name}\\([^]*?\\n    \\}(?=\\n)`, 'g'), '']);
}
