import { access, constants, lstat, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { STACK_USERS } from '../bus/bus-users.ts';
import type { Home } from '../home/home.ts';
import type { HomeReadings } from './judge-home.ts';

const MODE_BITS = 0o777;

export async function readHome(home: Home, uid: number | undefined): Promise<HomeReadings> {
  const { folder } = home;
  const found = await stat(folder).catch(() => undefined);
  const nearest = await nearestFolder(folder);
  const secrets = [
    join(home.bus, 'secrets.json'),
    join(home.bus, 'server.key'),
    join(home.bus, 'ca.key'),
    ...STACK_USERS.map((user) => join(home.bus, `${user}.url`)),
    join(home.redis, 'url'),
    join(home.redis, 'password'),
    home.enrolment,
    home.enrolledUrl,
  ];
  return {
    folder,
    mode: found && found.mode & MODE_BITS,
    isMine: found === undefined || uid === undefined || found.uid === uid,
    isWritable: await access(nearest, constants.W_OK).then(
      () => true,
      () => false,
    ),
    secrets: (await Promise.all(secrets.map(modeOf))).flat(),
    ofOthers: uid === undefined ? [] : await ofOthers(home, uid),
    freeBytes: await statfs(nearest).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => undefined,
    ),
  };
}

async function modeOf(path: string): Promise<{ path: string; mode: number }[]> {
  const found = await stat(path).catch(() => undefined);
  return found ? [{ path, mode: found.mode & MODE_BITS }] : [];
}

/** As far as it can be looked into: what a stack writes itself lies there or one folder below. */
async function ofOthers({ folder, logs, bus, redis, nats }: Home, uid: number): Promise<string[]> {
  const paths = await Promise.all(
    [folder, bus, logs, nats, redis].map(async (one) =>
      (await readdir(one).catch(() => [])).map((name) => join(one, name)),
    ),
  );
  const owners = await Promise.all(
    paths.flat().map(async (path) => ({ path, found: await lstat(path).catch(() => undefined) })),
  );
  return owners.flatMap(({ path, found }) => (found && found.uid !== uid ? [path] : [])).toSorted();
}

/** The folder, or the one in which it would be made. */
async function nearestFolder(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    if (await stat(at).then(Boolean, () => false)) return at;
    if (at === dirname(at)) return at;
  }
}
