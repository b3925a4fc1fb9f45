import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import type { Plugin } from 'vite';

const PACKED = /^assets\/.*\.(js|css)$/;

/** Writes the packed forms of scripts and styles beside them, which the web service sends to whoever takes them. */
export function compressedFiles(): Plugin {
  return {
    name: 'compressed-files',
    apply: 'build',
    // Before that, files are not as they will be written.
    async writeBundle({ dir = '' }, bundle) {
      const files = Object.keys(bundle).filter((file) => PACKED.test(file));
      await Promise.all(
        files.map(async (file) => {
          const path = join(dir, file);
          const content = await readFile(path);
          await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
          await writeFile(`${path}.br`, brotliCompressSync(content));
        }),
      );
    },
  };
}
