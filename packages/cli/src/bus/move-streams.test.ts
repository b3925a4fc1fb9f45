import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { moveStreams } from './move-streams.ts';

describe('moveStreams', () => {
  let store = '';
  const inStore = (...names: string[]) => join(store, 'jetstream', ...names);
  const keep = (account: string, text: string) => {
    mkdirSync(inStore(account), { recursive: true });
    writeFileSync(inStore(account, 'streams'), text);
  };
  beforeEach(() => {
    store = mkdtempSync(join(tmpdir(), 'llm-monitor-store-'));
  });
  afterEach(() => rmSync(store, { recursive: true }));

  it('bears a server that stored nothing yet', async () => {
    expect(await moveStreams(store, 5)).toBeUndefined();
    expect(await moveStreams(join(store, 'not-there'), 5)).toBeUndefined();
  });

  it('moves what lies in no account to that of the monitor, once', async () => {
    keep('$G', 'old');
    expect((await moveStreams(store, 5))?.aside).toBeUndefined();
    expect(existsSync(inStore('$G'))).toBe(false);
    expect(await moveStreams(store, 6)).toBeUndefined();
    expect(readFileSync(inStore('LLM_MONITOR', 'streams'), 'utf8')).toBe('old');
  });

  it('goes on with what an older version stored last, and sets aside what a newer one had stored before it', async () => {
    keep('$G', 'last');
    keep('LLM_MONITOR', 'first');
    expect((await moveStreams(store, 5))?.aside).toBe(join(store, 'set-aside-5'));
    expect(readdirSync(inStore())).toEqual(['LLM_MONITOR']);
    expect(readFileSync(inStore('LLM_MONITOR', 'streams'), 'utf8')).toBe('last');
    expect(readFileSync(join(store, 'set-aside-5', 'streams'), 'utf8')).toBe('first');
  });

  it('moves all of it back', async () => {
    keep('$G', 'last');
    await (await moveStreams(store, 5))?.moveBack();
    expect(readdirSync(inStore())).toEqual(['$G']);
    keep('LLM_MONITOR', 'first');
    await (await moveStreams(store, 6))?.moveBack();
    expect(readFileSync(inStore('$G', 'streams'), 'utf8')).toBe('last');
    expect(readFileSync(inStore('LLM_MONITOR', 'streams'), 'utf8')).toBe('first');
    expect(readdirSync(store)).toEqual(['jetstream']);
  });
});
