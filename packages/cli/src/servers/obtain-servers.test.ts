import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findProgram } from './find-program.ts';
import { explainMissing, obtainServers } from './obtain-servers.ts';

describe('the servers', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'servers-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function program(name: string, mode: number): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, '#!/bin/sh\n');
    await chmod(path, mode);
    return path;
  }

  it('are found on the PATH, in the order of the PATH', async () => {
    const path = await program('a-server', 0o755);
    expect(findProgram(['another', 'a-server'], `/nowhere:${folder}`)).toBe(path);
  });

  it('must be programs', async () => {
    await program('a-server', 0o644);
    expect(findProgram(['a-server'], folder)).toBeUndefined();
  });

  it('are taken from where a variable says', async () => {
    const path = await program('my-nats', 0o755);
    const say = () => undefined;
    const options = { isRoot: false, say };
    const found = await obtainServers(['nats'], { ...options, env: { NATS_SERVER: path } });
    expect(found.get('nats')).toEqual({ kind: 'program', path });
    const wrong = obtainServers(['nats'], { ...options, env: { NATS_SERVER: `${path}x` } });
    await expect(wrong).rejects.toThrow(`NATS_SERVER is ${path}x, but there is no such program.`);
    await expect(wrong).rejects.toMatchObject({ hint: expect.stringMatching(/NATS_SERVER/) });
  });

  it('that are missing are named, with every way to get them', () => {
    const [message, { hint }] = explainMissing(['nats', 'redis']);
    expect(message).toContain('NATS and Redis are not on this machine');
    expect(hint).toContain('sudo apt-get install nats-server redis-server');
    expect(hint).toContain('brew install nats-server redis');
    expect(hint).toContain('NATS_URL and REDIS_URL');
    expect(explainMissing(['redis'])[0]).toContain('Redis is not on this machine');
  });
});
