import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { placeOf } from './place-of.ts';

describe('placeOf', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'llm-monitor-place-'));
    writeFileSync(join(folder, 'mine.yaml'), 'edited');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is a file that is not there yet', () => {
    expect(placeOf(join(folder, 'new.yaml'), false)).toBe(join(folder, 'new.yaml'));
  });

  test('is one that is there only where somebody said so', () => {
    const mine = join(folder, 'mine.yaml');
    expect(() => placeOf(mine, false)).toThrow(`${mine} is there already.`);
    expect(placeOf(mine, true)).toBe(mine);
  });

  test('is never a folder, nor in one that is not there', () => {
    expect(() => placeOf(folder, true)).toThrow(`${folder} cannot be written: it is a folder`);
    const nowhere = join(folder, 'nowhere', 'new.yaml');
    expect(() => placeOf(nowhere, false)).toThrow(`${nowhere} cannot be written: ENOENT`);
  });
});
