import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startProgram, type Program } from './start-program.ts';
import { waitFor } from './wait-for.ts';

/** A folder on a volume that a test can fill, for one program. */
export interface SmallVolume {
  folder: string;
  /** What a program must be started through to see it. */
  through: readonly string[];
  /** `a full tmpfs`; where nobody may mount one, `a file size limit`, which a server meets as it meets a full volume. */
  kind: string;
  /** Leaves no room. @param pid the program that is to find none */
  fill(pid: number): Promise<void>;
  /** Makes room again. */
  free(): Promise<void>;
  remove(): Promise<void>;
}

/** @param options.bytes its size, where it can be mounted */
export async function makeSmallVolume(options: { bytes: number }): Promise<SmallVolume> {
  const folder = await mkdtemp(join(tmpdir(), 'volume-'));
  for (const [own, enter] of [
    [['-m'], ['-m']],
    [
      ['-U', '-r', '-m'],
      ['-U', '--preserve-credentials', '-m'],
    ],
  ] as const) {
    const holder = await mountFor(own, folder, options.bytes);
    if (!holder) continue;
    const through = ['nsenter', '-t', String(holder.pid), ...enter];
    const run = ([program, ...args]: readonly string[]) => finish(program!, args);
    const ballast = join(folder, 'ballast');
    return {
      ...{ folder, through, kind: 'a full tmpfs' },
      // It ends with an error: that there is no room left.
      fill: () => run([...through, 'sh', '-c', `cat /dev/zero > ${ballast} || true`]),
      free: () => run([...through, 'rm', ballast]),
      async remove() {
        await holder.stop('SIGKILL');
        await rm(folder, { recursive: true, force: true });
      },
    };
  }
  return {
    ...{ folder, through: [], kind: 'a file size limit' },
    fill: (pid) => finish('prlimit', ['--pid', String(pid), '--fsize=1:']),
    // The limit is gone with the process.
    free: () => Promise.resolve(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A process that holds a mount of its own; undefined when this machine does not let us. */
async function mountFor(
  own: readonly string[],
  folder: string,
  bytes: number,
): Promise<Program | undefined> {
  const mount = `mount -t tmpfs -o size=${bytes} tmpfs ${folder} && echo mounted && exec sleep 3600`;
  const holder = startProgram('unshare', [...own, 'sh', '-c', mount]);
  let isOver = false;
  holder.exited.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  await waitFor('the volume', () => isOver || holder.output().includes('mounted'));
  return isOver ? undefined : holder;
}

async function finish(command: string, args: readonly string[]): Promise<void> {
  const program = startProgram(command, args);
  const code = await program.exited;
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${program.output()}`);
}
