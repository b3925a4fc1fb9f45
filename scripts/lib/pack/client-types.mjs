import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

import { ROOT } from '../run.mjs';
import { contractTypes } from './contract-types.mjs';

/**
 * Writes the declarations of the client's entries, for ES modules and for CommonJS, without a reference to what is not published.
 * @param {Record<string, string>} entries name of the output → path of its built declarations
 * @param {string} folder
 */
export async function writeTypes(entries, folder) {
  const bundled = await rolldown({
    cwd: ROOT,
    input: entries,
    checks: { bundlerTimings: false },
    external: (id) => !/^[./\0]/.test(id) && !id.startsWith('@llm-monitor/'),
    plugins: [contractTypes(), dts({ dtsInput: true, tsconfig: false })],
  });
  const { output } = await bundled.write({
    dir: folder,
    entryFileNames: '[name].ts',
    chunkFileNames: 'types/[name].ts',
  });
  await bundled.close();
  for (const { fileName } of output.filter(({ fileName }) => fileName.endsWith('.d.ts'))) {
    const path = join(folder, fileName);
    const code = readFileSync(path, 'utf8')
      .replace(/^\/\/ .*\.d\.ts\n/gm, '')
      .trimStart();
    writeFileSync(path, code);
    const common = code.replace(/(from "\.[^"]*)\.js"/g, '$1.cjs"');
    writeFileSync(path.replace(/\.d\.ts$/, '.d.cts'), common);
  }
}
