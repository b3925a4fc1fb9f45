import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { ArchiveError } from './archive-format.ts';
import { openArchiveWriter } from './write-archive.ts';

test('says which file cannot be written, instead of ending the program', async () => {
  const path = join(tmpdir(), 'llm-monitor-no-such-folder', 'b.gz');
  const writer = openArchiveWriter(path, {
    ...{ format: 'llm-monitor-backup', version: 1, product: '0', shards: 1, at: '' },
  });
  const ended = writer.end({ keys: 0, requests: 0 });
  await expect(ended).rejects.toThrow(`${path} cannot be written: ENOENT`);
  await expect(ended).rejects.toBeInstanceOf(ArchiveError);
  await writer.abandon();
});
