import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { bundleTypebox } from './bundle-typebox.mjs';
import { ROOT, runTool } from './run.mjs';

const STAMPS = `${ROOT}/node_modules/.llm-monitor-build`;
const DASHBOARD = `${ROOT}/services/web/dashboard`;
/** What building and checking make; a checker's notes among the sources would make what was built seem old. */
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.llm-monitor', '.tsbuildinfo']);

/** The projects that run; `test` is built only when somebody asks for it. */
const PROJECTS = ['packages', 'services'].flatMap((folder) =>
  readdirSync(`${ROOT}/${folder}`)
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(`${ROOT}/${path}/tsconfig.json`)),
);

/**
 * Builds what is not fresh: TypeScript, the scripts that Redis runs, the dashboard.
 * @param {{ tests?: boolean, force?: boolean, onStep?: (name: string) => void }} options `onStep` hears what is built now
 * @returns {Promise<string[]>} what had to be built
 */
export async function build(options = {}) {
  const built = [];
  const steps = [
    {
      name: 'code',
      inputs: PROJECTS.map((path) => `${ROOT}/${path}`),
      outputs: outputs(PROJECTS),
      make: buildCode,
    },
    {
      name: 'dashboard',
      inputs: [DASHBOARD, `${ROOT}/packages/contracts/src`],
      outputs: [],
      make: buildDashboard,
    },
    ...(options.tests
      ? [
          {
            name: 'tests',
            inputs: [`${ROOT}/test`],
            outputs: [`${ROOT}/test/dist`],
            make: buildTests,
          },
        ]
      : []),
  ];
  for (const step of steps) {
    const stamp = `${STAMPS}/${step.name}`;
    const wanted = fingerprint(step.inputs);
    const fresh = !options.force && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
    if (fresh && step.outputs.every((path) => existsSync(path))) continue;
    options.onStep?.(step.name);
    await step.make();
    mkdirSync(STAMPS, { recursive: true });
    writeFileSync(stamp, wanted);
    built.push(step.name);
  }
  return built;
}

function outputs(projects) {
  return projects
    .filter((path) => existsSync(`${ROOT}/${path}/src/main.ts`))
    .map((path) => `${ROOT}/${path}/dist/main.js`);
}

async function buildCode() {
  await must('the TypeScript build', runTool('tsc', ['-b', ...PROJECTS]));
  await bundleTypebox();
  for (const service of ['collector', 'alerts']) {
    const source = `${ROOT}/services/${service}/src`;
    for (const file of filesBelow(source).filter((path) => path.endsWith('.lua'))) {
      const target = file.replace(source, `${ROOT}/services/${service}/dist`);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(file, target);
    }
  }
}

/** Always what is shipped: Vite takes the form of the libraries that are for development where NODE_ENV says so, as tests do. */
async function buildDashboard() {
  if (!existsSync(`${DASHBOARD}/vite.config.ts`)) return;
  const env = { NODE_ENV: 'production' };
  await must(
    'the dashboard build',
    runTool('vite', ['build', '--logLevel', 'warn'], { cwd: DASHBOARD, env }),
  );
}

async function buildTests() {
  await must('the build of the tests', runTool('tsc', ['-b', 'test']));
}

async function must(what, running) {
  const { code } = await running;
  if (code !== 0) throw new Error(`${what} failed: see the lines above`);
}

/** Names, sizes and times of all inputs: cheap to read, and a deleted file changes it too. */
function fingerprint(inputs) {
  const hash = createHash('sha256');
  const shared = ['tsconfig.base.json', 'pnpm-lock.yaml'].map((name) => `${ROOT}/${name}`);
  for (const path of [...shared, ...inputs.flatMap(filesBelow)]) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
}
