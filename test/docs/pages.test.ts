import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { projectRoot } from '../helpers/project-root.ts';

const root = projectRoot();

function pages(): string[] {
  const below = ['docs', 'examples', 'packages/cli', 'packages/client'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((path) => join(root, folder, String(path)))
      .filter((path) => path.endsWith('.md') && !path.includes('node_modules')),
  );
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  return [...top.map((name) => join(root, name)), ...below];
}

/** As GitHub makes them of headings. */
const anchors = (text: string) =>
  new Set(
    [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

/** Code is no text. */
const withoutCode = (text: string) =>
  text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

test('every link between pages leads somewhere', () => {
  const dangling: string[] = [];
  for (const page of pages()) {
    const text = readFileSync(page, 'utf8');
    for (const [, target = ''] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path ? join(dirname(page), path) : page;
      const isThere = existsSync(file);
      const hasAnchor =
        !anchor ||
        !file.endsWith('.md') ||
        (isThere && anchors(readFileSync(file, 'utf8')).has(anchor));
      if (!isThere || !hasAnchor) dangling.push(`${page.slice(root.length + 1)}: ${target}`);
    }
  }
  expect(dangling).toEqual([]);
});

// What a merge leaves behind when both sides moved a part.
test('no page has a heading twice, and no table a row', () => {
  const twice: string[] = [];
  const note = (page: string, lines: readonly string[]) =>
    twice.push(...lines.filter((line, i) => lines.indexOf(line) < i).map((line) => page + line));
  for (const page of pages()) {
    // A comment among commands is no heading.
    const text = readFileSync(page, 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
    note(page, text.match(/^#{1,6} .+$/gm) ?? []);
    for (const table of text.match(/(?:^\|.*\n)+/gm) ?? []) note(page, table.trim().split('\n'));
  }
  expect(twice).toEqual([]);
});
