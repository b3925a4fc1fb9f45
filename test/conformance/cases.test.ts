import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const TESTS = fileURLToPath(new URL('..', import.meta.url));
const LAST_CASE = 47;
const SKIPPED = /node_modules|dist/;

/** The numbers of the cases that the names of tests begin with: one, or several with commas, "and" or a dash. */
function casesIn(source: string): number[] {
  return [...source.matchAll(/['"`]cases? ([\d, and–-]+):/g)].flatMap(([, list = '']) =>
    list.split(/,| and /).flatMap((one) => {
      const [first = NaN, last = first] = one.split(/[–-]/).map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  );
}

test('every case that the client and the agent promise has a test that is named after it', () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.test.ts') && !SKIPPED.test(file));
  const named = new Set(tests.flatMap((file) => casesIn(readFileSync(`${TESTS}/${file}`, 'utf8'))));
  const all = Array.from({ length: LAST_CASE }, (_, index) => index + 1);
  expect(all.filter((number) => !named.has(number))).toEqual([]);
});
