import type { Plugin } from 'vite';

import { replaceFile } from './edit-library.ts';

/** Chunks are imported as they are: no stylesheet or other chunk has to be loaded before one, which is what Vite's own code is for. */
export function plainImports(): Plugin {
  return replaceFile('vite/preload-helper.js', 'export const __vitePreload = (load) => load();');
}
