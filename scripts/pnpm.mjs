// The pinned pnpm, on any machine that has npm: `node scripts/pnpm.mjs add …`
import { pnpm } from './lib/install.mjs';

const { code } = await pnpm(process.argv.slice(2));
process.exitCode = code;
