// `pnpm build [--force] [--tests]`: builds what is not fresh.
import { build } from './lib/build.mjs';
import { seconds } from './lib/run.mjs';

const startedAt = Date.now();
try {
  const built = await build({
    force: process.argv.includes('--force'),
    tests: process.argv.includes('--tests'),
  });
  console.log(
    `${built.length > 0 ? `built ${built.join(', ')}` : 'fresh'} in ${seconds(Date.now() - startedAt)}`,
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
