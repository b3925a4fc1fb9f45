import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { projectRoot } from '../../helpers/project-root.ts';

const DIST = join(projectRoot(), 'services/web/dashboard/dist');

/** What the built dashboard weighs on the wire, against what it may. */
export function bundleSizes(): { what: string; bytes: number; budget: number }[] {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');
  const gzipped = (file: string) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;
  const initial = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(
    ([, file = '']) => file,
  );
  const sum = (files: readonly string[], end: string) =>
    files.filter((file) => file.endsWith(end)).reduce((total, file) => total + gzipped(file), 0);
  const all = readdirSync(join(DIST, 'assets')).map((file) => `assets/${file}`);
  return [
    { what: 'initial JavaScript', bytes: sum(initial, '.js'), budget: 45 },
    { what: 'initial CSS', bytes: sum(initial, '.css'), budget: 10 },
    { what: 'HTML', bytes: gzipped('index.html'), budget: 4 },
    { what: 'JavaScript of all routes', bytes: sum(all, '.js'), budget: 110 },
  ];
}
