import { rolldown } from 'rolldown';

import { ROOT } from '../run.mjs';

/** Workspace packages are bundled from their sources; what comes from npm stays a dependency. */
const isFromNpm = (id) => !/^[./\0]/.test(id) && !id.startsWith('@llm-monitor/');

/**
 * Bundles modules of the workspace.
 * @param {Record<string, string>} entries name of the output → source file
 * @param {import('rolldown').OutputOptions} output
 * @param {{ external?: (id: string, importer: string | undefined) => boolean, plugins?: import('rolldown').Plugin[] }} options
 *   `external`: what else stays outside
 * @returns {Promise<Set<string>>} the npm packages that the output imports
 */
export async function bundle(entries, output, options = {}) {
  const external = options.external ?? (() => false);
  const bundled = await rolldown({
    cwd: ROOT,
    input: entries,
    platform: 'node',
    // On a busy machine everything is slow, and a warning ends the build.
    checks: { bundlerTimings: false },
    external: (id, importer) => isFromNpm(id) || external(id, importer),
    resolve: { conditionNames: ['@llm-monitor/source', 'import', 'node', 'default'] },
    plugins: options.plugins ?? [],
    onLog(level, log, print) {
      if (level === 'warn') throw new Error(`bundling: ${log.message}`);
      print(level, log);
    },
  });
  const written = await bundled.write({ sourcemap: false, ...output });
  await bundled.close();
  return packagesOf(written.output);
}

/** `@scope/name/path` → `@scope/name`, without Node's own modules. */
function packagesOf(files) {
  const imported = files.flatMap((file) =>
    file.type === 'chunk' ? [...file.imports, ...file.dynamicImports] : [],
  );
  const isPackage = (id) => isFromNpm(id) && !id.startsWith('node:') && !/\.[cm]?js$/.test(id);
  return new Set(
    imported.filter(isPackage).map((id) => id.split('/', id.startsWith('@') ? 2 : 1).join('/')),
  );
}
