import { formatBytes } from '../terminal/format.ts';
import { note, ok, problem, warning, type Finding } from './finding.ts';

const MIB = 1024 * 1024;
/** Below the first a log or two fill it; below the second the streams may, which keep up to 2 GiB. */
const NO_ROOM_BYTES = 500 * MIB;
const LITTLE_ROOM_BYTES = 3 * 1024 * MIB;
const OTHERS_MAY = 0o077;

/** The data folder and what lies in it. */
export interface HomeReadings {
  folder: string;
  /** Undefined when it is not there yet. */
  mode: number | undefined;
  isMine: boolean;
  isWritable: boolean;
  /** Secrets and their modes, as far as they are there. */
  secrets: readonly { path: string; mode: number }[];
  /** What lies there and belongs to somebody else. */
  ofOthers: readonly string[];
  freeBytes: number | undefined;
}

export function judgeHome(readings: HomeReadings): Finding[] {
  return [
    judgeFolder(readings),
    ...judgeOwners(readings),
    ...judgeSecrets(readings),
    judgeRoom(readings),
  ];
}

function judgeFolder({ folder, mode, isMine, isWritable }: HomeReadings): Finding {
  if (mode === undefined) {
    return isWritable
      ? note('Data folder', `${folder} is not there yet: the first start makes it.`)
      : problem(
          'Data folder',
          `${folder} is not there, and cannot be made.`,
          'Name another with LLM_MONITOR_HOME.',
        );
  }
  if (!isWritable) {
    return problem(
      'Data folder',
      `${folder} cannot be written${isMine ? '' : ': it belongs to another user'}.`,
      'Give yourself the right to write there, or name another with LLM_MONITOR_HOME.',
    );
  }
  if ((mode & OTHERS_MAY) === 0) return ok('Data folder', folder);
  return warning('Data folder', `${folder} may be read by others.`, `chmod 700 ${folder}`);
}

/** What somebody else has written there, as root after one `sudo`, only they can read. */
function judgeOwners({ folder, ofOthers: [first, ...more] }: HomeReadings): Finding[] {
  if (first === undefined) return [];
  const which = more.length > 0 ? `${first} and ${more.length} more belong` : `${first} belongs`;
  const mend = `Give all of it back:  sudo chown -R "$(id -u):$(id -g)" ${folder}`;
  return [problem('Data folder', `${which} to another user.`, mend)];
}

function judgeSecrets({ secrets }: HomeReadings): Finding[] {
  return secrets
    .filter(({ mode }) => (mode & OTHERS_MAY) !== 0)
    .map(({ path }) => problem('Secrets', `${path} may be read by others.`, `chmod 600 ${path}`));
}

function judgeRoom({ freeBytes }: HomeReadings): Finding {
  if (freeBytes === undefined) return warning('Disk', 'it cannot be told how much is free.');
  const detail = `${formatBytes(freeBytes)} free`;
  if (freeBytes < NO_ROOM_BYTES) {
    return problem(
      'Disk',
      `only ${detail}: NATS stores nothing once it is full.`,
      'Make room; then restart, since NATS does not begin again by itself.',
    );
  }
  if (freeBytes >= LITTLE_ROOM_BYTES) return ok('Disk', detail);
  return warning('Disk', `only ${detail}: the streams keep up to 2 GiB.`, 'Make room.');
}
